import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { registryDocument, reverseDomain } from '../policy/server-card.ts';
import type { Manifest } from './bundle/manifest.ts';
import { deploymentName } from './names.ts';

/**
 * Writes `<deployment>.server.json` beside the templates: what `mcp-publisher` sends to the MCP
 * registry. Only a custom domain is known before the deployment, so no other URL mode has one.
 */
export const writeRegistryDocument = (
  construct: Construct,
  url: string,
  { suffix, ...identity }: Manifest['identity'],
): void => {
  const outdir = Stage.of(construct)?.outdir;
  if (outdir === undefined || Token.isUnresolved(url)) return;
  const document = {
    $schema: registryDocument.schema,
    name: `${reverseDomain(new URL(url).hostname)}/${suffix}`,
    ...identity,
    remotes: [{ type: 'streamable-http', url }],
  };
  mkdirSync(outdir, { recursive: true });
  writeFileSync(
    join(outdir, `${deploymentName(construct)}.server.json`),
    `${JSON.stringify(document, undefined, 2)}\n`,
  );
};
