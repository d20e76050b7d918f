import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { UrlMode } from '../../policy/deployment.ts';
import { localRuntime } from '../../policy/local-runtime.ts';
import { messageOf, StartupFailure } from '../failure.ts';

export type { UrlMode };

export type Context = Readonly<Record<string, unknown>>;

/** What the CDK CLI would run in a folder. */
export interface CdkApp {
  readonly folder: string;
  /** Shell commands: what builds the app, where it says so, and the app itself. */
  readonly commands: readonly string[];
  readonly context: Context;
}

const cdkJson = z.looseObject({
  app: z.string().min(1),
  build: z.string().min(1).optional(),
  context: z.record(z.string(), z.unknown()).default({}),
});
const contextJson = z.record(z.string(), z.unknown());

/**
 * Reads `cdk.json`, and what the CLI looked up in an account earlier (`cdk.context.json`).
 * @throws StartupFailure with what to do about it
 */
export const readCdkApp = (folder: string): CdkApp => {
  const path = join(folder, 'cdk.json');
  if (!existsSync(path))
    throw new StartupFailure(
      `There is no cdk.json in ${folder}: run this in the folder of your CDK app.`,
    );
  const read = cdkJson.safeParse(readJson(path));
  if (!read.success)
    throw new StartupFailure(
      `${path} does not say how to run the app, as in { "app": "node app.ts" }:\n${z.prettifyError(read.error)}`,
    );
  const { app, build, context } = read.data;
  const lookedUp = join(folder, 'cdk.context.json');
  return {
    folder,
    commands: build === undefined ? [app] : [build, app],
    context: { ...context, ...(existsSync(lookedUp) && contextJson.parse(readJson(lookedUp))) },
  };
};

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartupFailure(`${path} is not JSON: ${messageOf(error)}`);
  }
};

/** What makes a synthesis one for the local runtime; it goes over whatever the app's own context says. */
export const localContext = (urlMode: UrlMode): Context => ({
  [localRuntime.contextKey]: { urlMode, port: localRuntime.placeholderPort },
  // Which resources belong to a Gatehouse is read from here (template/assembly.ts).
  'aws:cdk:disable-logicalId-metadata': false,
  // Nothing is deployed, so the app's other functions need no bundling, which may take Docker. A
  // Gatehouse bundles its own.
  'aws:cdk:bundling-stacks': [],
});
