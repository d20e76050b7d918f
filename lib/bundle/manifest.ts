import { realpathSync } from 'node:fs';
import * as z from 'zod';
import type { CallLimit } from '../../policy/limits.ts';
import { BundleError, type BundlingOptions, buildWithInputs } from './build.ts';
import type { Definitions } from './definitions.ts';
import { manifestEntry } from './entries.ts';
import { type ImportEnvironment, type ManifestRun, runManifest } from './manifest-process.ts';
import { checkOneZod } from './one-zod.ts';
import { sourceFolders } from './source-folders.ts';

/** What a tool asks the stack for, declared beside the tool. */
const grant = z.strictObject({
  tool: z.string(),
  actions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1),
  resource: z.string(),
  leadingKeys: z.array(z.string()).optional(),
});

/** Who may use a definition. */
const audience = z.union([z.literal('everybody'), z.array(z.string()).min(1)]);

/** A definition, as whoever reviews access reads it. */
const accessRow = z.strictObject({
  list: z.enum(['tools', 'prompts', 'resources', 'resourceTemplates']),
  name: z.string(),
  key: z.string(),
  file: z.string(),
  audience,
  scopes: z.array(z.string()),
  destructive: z.boolean(),
});

/** What anybody may know of the server: its card, and the registry's document. */
const identity = z.looseObject({
  suffix: z.string(),
  icons: z.array(z.looseObject({ src: z.string(), mimeType: z.string().optional() })).optional(),
});

/**
 * What the build learns from the tools, prompts and resources. `requiredScopes`, `access` and
 * `catalogue` pass through to the bundles.
 */
const manifest = z.strictObject({
  requiredScopes: z.unknown(),
  access: z.unknown(),
  accessRows: z.array(accessRow),
  toolLimits: z.record(
    z.string(),
    z.strictObject({ perMinute: z.int().optional(), perHour: z.int().optional() }),
  ),
  warnings: z.array(z.string()),
  paramHeaders: z.array(z.string()),
  grants: z.array(grant),
  catalogue: z.unknown(),
  identity,
});

export type Manifest = z.infer<typeof manifest>;
/** What the stack says about definitions, by their names, whatever stands beside them. */
export interface StackRules {
  readonly access?: Readonly<Record<string, 'everybody' | { readonly groups: readonly string[] }>>;
  readonly toolLimits?: Readonly<Record<string, CallLimit>>;
  readonly scopes?: readonly string[];
}

export type ToolPermission = z.infer<typeof grant>;

/**
 * Runs the definitions in a process of their own, so that whatever they import cannot touch the
 * synthesis.
 * @throws BundleError with a line for each fault: file, reason, fix
 */
export const readManifest = (
  definitions: string,
  found: Definitions,
  options: BundlingOptions,
  environment: ImportEnvironment,
  rules: StackRules = {},
): { readonly manifest: Manifest; readonly sources: readonly string[] } => {
  // As the bundler names files, which follows links.
  const root = realpathSync(definitions);
  const { code, inputs } = buildWithInputs(manifestEntry(root, found, rules), options);
  checkOneZod(root, inputs);
  const run = runManifest(root, code, environment);
  if (run.manifest === undefined) throw new BundleError(describeFaults(run));
  return {
    manifest: manifest.parse(run.manifest),
    sources: sourceFolders(root, inputs, environment.assets),
  };
};

const describeFaults = (run: ManifestRun): string => {
  const faults = run.faults.length > 0 ? run.faults : [`${run.importing}: ${run.reason}`];
  const printed = run.output.trim();
  return [
    'The definitions cannot be served:',
    ...faults,
    ...(printed === '' ? [] : ['What they printed:', printed]),
  ].join('\n');
};
