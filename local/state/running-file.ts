import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { trailSubjects } from '../../policy/audit-trail.ts';
import { errorCode } from '../failure.ts';

const running = z.strictObject({
  version: z.literal(3),
  processId: z.number().int().positive(),
  port: z.number().int(),
  mcpUrl: z.string(),
  region: z.string(),
  userPool: z.string(),
  table: z.string(),
  /** Log group of the audit trail. */
  trail: z.string(),
  /** How people stand in it. */
  subjects: z.enum(trailSubjects),
  /** `http://localhost:{port}` */
  dynamodb: z.string(),
  /** CloudWatch Logs: `http://localhost:{port}` */
  logs: z.string(),
  cognito: z.strictObject({
    /** `https://localhost:{port}` */
    url: z.string(),
    /** PEM; its key dies with the process. */
    certificateAuthority: z.string(),
  }),
});

/** Where a local runtime can be reached while it runs, for commands on the same computer. */
export type Running = z.infer<typeof running>;

const folderOf = (app: string): string => join(app, '.local', 'running');

/** @returns removes it again */
export const announceRunning = (app: string, about: Running): (() => void) => {
  const folder = folderOf(app);
  const file = join(folder, `${about.port}.json`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  writeFileSync(file, JSON.stringify(about), { mode: 0o600 });
  return () => rmSync(file, { force: true });
};

/** The local runtimes of an app that run now: what a killed one left behind does not count. */
export const runningIn = (app: string): readonly Running[] =>
  filesIn(folderOf(app)).flatMap((file) => {
    const about = read(file);
    return about !== undefined && isAlive(about.processId) ? [about] : [];
  });

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};

const read = (file: string): Running | undefined => {
  try {
    return running.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // It ended, or is being written, at this very moment.
    return undefined;
  }
};

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
};
