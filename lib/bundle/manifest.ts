import { spawnSync } from 'node:child_process';
import * as z from 'zod';
import { BundleError, type BundlingOptions, buildText } from './build.ts';
import type { Definitions } from './definitions.ts';
import { manifestEntry } from './entries.ts';

/** What a tool asks the stack for, declared beside the tool. */
const grant = z.strictObject({
  tool: z.string(),
  actions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1),
  resource: z.string(),
  leadingKeys: z.array(z.string()).optional(),
});

/**
 * What the build learns from the tools, prompts and resources. `requiredScopes` and `catalogue`
 * pass through to the bundles.
 */
const manifest = z.strictObject({
  requiredScopes: z.unknown(),
  paramHeaders: z.array(z.string()),
  grants: z.array(grant),
  catalogue: z.unknown(),
});

export type Manifest = z.infer<typeof manifest>;
export type ToolPermission = z.infer<typeof grant>;

/** A definition that hangs on import must not hang the synthesis. */
const manifestMilliseconds = 10_000;

/**
 * Runs the definitions in a process of their own, so that whatever they import cannot touch the
 * synthesis.
 */
export const readManifest = (
  root: string,
  found: Definitions,
  options: BundlingOptions,
): Manifest => {
  const input = buildText(manifestEntry(root, found), {}, options);
  const run = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input,
    encoding: 'utf8',
    timeout: manifestMilliseconds,
    env: {},
  });
  if (run.status !== 0)
    throw new BundleError(
      `The definitions cannot be served:\n${run.stderr || (run.error?.message ?? `exit code ${run.status}`)}`,
    );
  return manifest.parse(JSON.parse(run.stdout));
};
