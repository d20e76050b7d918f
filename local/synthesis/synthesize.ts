import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { noSpace, StartupFailure } from '../failure.ts';
import { placeholderPort } from '../template/port.ts';
import { fingerprint } from './fingerprint.ts';
import { inTurn } from './turn.ts';

export type UrlMode = 'domain' | 'stage' | 'cloudfront';

export interface SynthesisOptions {
  readonly urlMode: UrlMode;
  /** More of the stack's own configuration (lib/configuration.ts), as an operator would set it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Told when the stack has to be synthesized, because nothing in the cache has the same content. */
  readonly onSynthesis?: () => void;
}

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.local', 'assemblies');
/** Assemblies that are kept, each about a megabyte: many, because one that somebody still plays must not go. */
const kept = 40;
/** A synthesis that hangs should not hang the start. */
const synthesisMilliseconds = 120_000;

const cdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()).default({}) });

/** The folder of the synthesized stack, from the cache when no input has changed. */
export const synthesize = async ({ urlMode, configuration = {}, onSynthesis }: SynthesisOptions): Promise<string> => {
  const { context } = cdkJson.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')));
  const laptop = { stage: 'local', environment: 'development', urlMode, localPort: placeholderPort, ...configuration };
  const contextJson = JSON.stringify({ ...context, gatehouse: laptop });
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, fingerprint(root, contextJson));
  if (isComplete(folder)) return touched(folder);
  onSynthesis?.();
  return inTurn(`${folder}.lock`, synthesisMilliseconds, () => (isComplete(folder) ? Promise.resolve(folder) : make(folder, contextJson)));
};

const isComplete = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** Keeps what is used from being forgotten. */
const touched = (folder: string): string => {
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
};

const make = async (folder: string, contextJson: string): Promise<string> => {
  const fresh = `${folder}.${process.pid}.${Date.now().toString(36)}`;
  try {
    await runApp(fresh, contextJson);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  forgetOldest();
  // Edited meanwhile: nobody knows which state was synthesized, so it is played once and kept under no name that could be found again.
  if (join(cache, fingerprint(root, contextJson)) !== folder) return fresh;
  renameSync(fresh, folder);
  return folder;
};

/** The app itself, without the CDK CLI around it, which would add seconds and nothing else. */
const runApp = (folder: string, contextJson: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'bin', 'gatehouse.ts')], {
      cwd: root,
      // The template's validation takes four fifths of a synthesis and changes nothing in it: it is the deployment's (and the tests') business.
      env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: contextJson, CDK_VALIDATION: 'false', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: synthesisMilliseconds,
    });
    // Threads die with this process, but a child would go on.
    const end = (): boolean => child.kill();
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      if (code === 0) resolve();
      else if (output.includes('ENOSPC')) reject(new StartupFailure(noSpace));
      else reject(new StartupFailure(`The stack does not synthesize: ${reasonIn(output)}`));
    });
  });

/** The message of the error that ended the app, without its stack. */
export const reasonIn = (output: string): string => {
  const lines = output.split('\n');
  const first = lines.findLastIndex((line) => /^(Uncaught )?\w*(Error|Failure)\b.*:/.test(line));
  if (first < 0) return output.trim() || 'the app ended without saying why.';
  const last = lines.findIndex((line, index) => index > first && /^\s+at /.test(line));
  return lines
    .slice(first, last < 0 ? undefined : last)
    .join('\n')
    .trim();
};

/** Forgets the assemblies that were used longest ago. */
const forgetOldest = (): void => {
  const age = (name: string): number => statSync(join(cache, name)).mtimeMs;
  const oldest = readdirSync(cache)
    .filter((name) => !name.endsWith('.lock'))
    .map((name) => ({ name, at: age(name) }))
    .sort((a, b) => b.at - a.at)
    .slice(kept);
  for (const { name } of oldest) rmSync(join(cache, name), { recursive: true, force: true });
};
