import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, localContext, readCdkApp, type UrlMode } from './cdk-app.ts';
import { runApp } from './run-app.ts';

export interface AppSynthesis {
  /** The folder of the app's cdk.json. */
  readonly folder: string;
  readonly urlMode: UrlMode;
  /** What `-c` gave. */
  readonly context: Context;
}

/** An app's cloud assembly, which nobody needs once it is not used any more. */
export interface Synthesized {
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Synthesizes somebody's app as it is now: what it reads is not known, so nothing can be kept for
 * another time.
 */
export const synthesizeApp = ({ folder, urlMode, context }: AppSynthesis): Promise<Synthesized> =>
  synthesizeWith(folder, { ...context, ...localContext(urlMode) });

/** Synthesizes an app as `cdk deploy` would. `context` is what `-c` gives. */
export const synthesizeWith = async (folder: string, context: Context): Promise<Synthesized> => {
  const app = readCdkApp(folder);
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-app-'));
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  process.once('exit', remove);
  const stop = async (): Promise<void> => {
    process.off('exit', remove);
    remove();
  };
  const outdir = join(temporary, 'cdk.out');
  try {
    await runApp(app, outdir, { ...app.context, ...context });
    return { folder: outdir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
