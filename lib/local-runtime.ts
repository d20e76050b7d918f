import type { Construct } from 'constructs';
import * as z from 'zod';
import { urlModes } from '../policy/deployment.ts';
import { localRuntime } from '../policy/local-runtime.ts';
import { type Configuration, ConfigurationError } from './configuration.ts';

const settings = z.strictObject({ urlMode: z.enum(urlModes), port: z.int().min(1).max(65_535) });

/** How the local runtime that will emulate the template is reached. */
export type LocalRuntime = z.infer<typeof settings>;

/**
 * What the local runtime says when it asks for the template. Its own command says so in the
 * context, so that no app needs an `if` for it, and nothing that is deployed can be in this state
 * by a property left behind.
 */
export const localRuntimeOf = ({ node }: Construct): LocalRuntime | undefined => {
  const context: unknown = node.tryGetContext(localRuntime.contextKey);
  if (context === undefined) return undefined;
  const result = settings.safeParse(context);
  if (result.success) return result.data;
  throw new ConfigurationError(
    `The context key "${localRuntime.contextKey}" is for the local runtime's command alone: take it out of cdk.json and -c.`,
  );
};

/**
 * A configuration for the local runtime: everything that was chosen, but where it is reached and
 * for whom.
 */
export const forLocalRuntime = (
  configuration: Configuration,
  { urlMode }: LocalRuntime,
): Configuration => ({
  ...configuration,
  stage: localRuntime.stage,
  environment: 'development',
  urlMode,
  domain: undefined,
});

/** Lets the local runtime notice a change of the definitions, or of what they import. */
export const markSources = ({ node }: Construct, folders: readonly string[]): void =>
  node.addMetadata(localRuntime.sourcesType, [...folders]);

/**
 * Lets the local runtime find the construct, and so what belongs to it, among everything else that
 * the app synthesizes.
 */
export const markForLocalRuntime = ({ node }: Construct): void =>
  node.addMetadata(localRuntime.metadataType, node.path);
