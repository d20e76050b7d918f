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
  /**
   * Told when the stack has to be synthesized, because nothing in the cache has the same content.
   */
  readonly onSynthesis?: () => void;
}

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.local', 'assemblies');
/**
 * Assemblies that are kept, each about a megabyte: many, because one that a runtime still uses must
 * not go.
 */
const kept = 40;

/** The folder of this repository's synthesized stack, from the cache when no input has changed. */
export const synthesize = async ({
  urlMode,
  configuration = {},
  onSynthesis,
}: SynthesisOptions): Promise<string> => {
  const app = readCdkApp(root);
  // The stage names the stack, too.
  const context = {
    ...app.context,
    gatehouse: { stage: localRuntime.stage, ...configuration },
    ...localContext(urlMode),
  };
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, fingerprint(root, JSON.stringify(context)));
  if (isComplete(folder)) return touched(folder);
  onSynthesis?.();
  return inSequence(`${folder}.lock`, synthesisMilliseconds, () =>
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
  try {
    await runApp(app, fresh, context);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  forgetOldest();
  // Edited meanwhile: nobody knows which state was synthesized, so it is used once and kept under
  // no name that could be found again.
  if (join(cache, fingerprint(root, JSON.stringify(context))) !== folder) return fresh;
  renameSync(fresh, folder);
  return folder;
};

/** Forgets the assemblies that were used longest ago. */
const forgetOldest = (): void => {
  const age = (name: string): number =>
    statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const oldest = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith('.lock'))
    .map(({ name }) => ({ name, at: age(name) }))
    .sort((a, b) => b.at - a.at)
    .slice(kept);
  for (const { name } of oldest) rmSync(join(cache, name), { recursive: true, force: true });
};
