import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLine } from '../gatehouse.ts';
import { type StateLocation, stateName } from '../state/state-file.ts';

/** A file that has grown to this is set aside, in place of the one that was set aside before. */
const mostBytes = 10 * 1024 * 1024;

/** Where somebody's local runtime keeps them, beside its state. */
export const logFolder = (location: StateLocation): string =>
  join(location.folder, '.local', 'logs', stateName(location));

/**
 * Keeps the lines of each log group in a file of its own, from this start on: `mcp.jsonl`,
 * `audit-trail.jsonl`. The functions have filtered them.
 */
export const logFiles = (folder: string): ((line: LogLine) => void) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  const bytes = new Map<string, number>();
  return ({ source, line }) => {
    const file = join(folder, `${source.replaceAll(/[^\w-]/g, '_')}.jsonl`);
    const before = bytes.get(file) ?? 0;
    if (before > mostBytes) renameSync(file, `${file}.1`);
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
    bytes.set(file, (before > mostBytes ? 0 : before) + Buffer.byteLength(line) + 1);
  };
};
