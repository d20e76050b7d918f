import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { localRuntime } from '../../policy/local-runtime.ts';
import { type CdkApp, type Context, localContext, readCdkApp, type UrlMode } from './cdk-app.ts';
import { fingerprint } from './fingerprint.ts';
import { runApp, synthesisMilliseconds } from './run-app.ts';
import { inSequence } from './sequence.ts';

export interface SynthesisOptions {
  readonly urlMode: UrlMode;
  /** More of the stack's own configuration (lib/configuration.ts), as an operator would set it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** More context, over that of cdk.json: which stage of the configuration file, say. */
  readonly context?: Context;
  /**
   * Told when the stack has to be synthesized, because nothing in the cache has the same content.
   */
  readonly onSynthesis?: () => void;
  /** Told when another process synthesizes the same, with its id. */
  readonly onWait?: (holder: number) => void;
}

/** The folder of this repository's cdk.json. */
export const repository = join(import.meta.dirname, '..', '..');
const cache = join(repository, '.local', 'assemblies');
/**
 * Assemblies that are kept, each about a megabyte: many, because one that a runtime still uses must
 * not go.
 */
const kept = 40;

/** The folder of this repository's synthesized stack, from the cache when no input has changed. */
export const synthesize = async ({
  urlMode,
  configuration = {},
  context: given = {},
  onSynthesis,
  onWait = () => {},
}: SynthesisOptions): Promise<string> => {
  const app = readCdkApp(repository);
  // The stage names the stack, too.
  const context = {
    ...app.context,
    ...given,
    gatehouse: { stage: localRuntime.stage, ...configuration },
    ...localContext(urlMode),
  };
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, fingerprint(repository, JSON.stringify(context)));
  if (isComplete(folder)) return touched(folder);
  onSynthesis?.();
  const sequence = {
    lock: `${folder}.lock`,
    patienceMilliseconds: synthesisMilliseconds,
    onWait,
  };
  return inSequence(sequence, () =>
    isComplete(folder) ? Promise.resolve(folder) : make(folder, app, context),
  );
};

const isComplete = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** Keeps what is used from being forgotten. */
const touched = (folder: string): string => {
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
};

const make = async (folder: string, app: CdkApp, context: Context): Promise<string> => {
  const fresh = `${folder}.${process.pid}.${Date.now().toString(36)}`;
  const remove = (): void => rmSync(fresh, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await runApp(app, fresh, context);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off('exit', remove);
  }
  forgetOldest();
  // Edited meanwhile: nobody knows which state was synthesized, so it is used once and kept under
  // no name that could be found again.
  if (join(cache, fingerprint(repository, JSON.stringify(context))) !== folder) return fresh;
  renameSync(fresh, folder);
  return folder;
};

/** Forgets the assemblies that were used longest ago. */
const forgetOldest = (): void => {
  const age = (name: string): number =>
    statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const oldest = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, at: age(name) }))
    .sort((a, b) => b.at - a.at)
    .slice(kept);
  for (const { name } of oldest) rmSync(join(cache, name), { recursive: true, force: true });
};
