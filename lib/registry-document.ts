import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { publicName, registryDocument, registryIcons } from '../policy/server-card.ts';
import type { Manifest } from './bundle/manifest.ts';
import { deploymentName } from './names.ts';

/** What anybody may know of the server, as the build found it. */
interface PublicIdentity {
  readonly suffix: string;
  readonly icons?: readonly RegistryIcon[] | undefined;
}

interface RegistryIcon {
  readonly src: string;
  readonly mimeType?: string | undefined;
}

/** The registry's `server.json` for a server at a URL. An icon that it does not take is left out. */
export const registryDocumentOf = (
  url: string,
  { suffix, icons = [], ...identity }: PublicIdentity,
) => {
  const taken = icons.filter(isTaken);
  return {
    $schema: registryDocument.schema,
    name: publicName(new URL(url).hostname, suffix),
    ...identity,
    ...(taken.length > 0 && { icons: taken }),
    remotes: [{ type: 'streamable-http', url }],
  };
};

const isTaken = ({ src, mimeType }: RegistryIcon): boolean =>
  src.startsWith('https://') &&
  src.length <= registryIcons.mostCharacters &&
  (mimeType === undefined || registryIcons.mimeTypes.some((each) => each === mimeType));

/**
 * Writes `<deployment>.server.json` beside the templates: what `mcp-publisher` sends to the MCP
 * registry. Only a custom domain is known before the deployment, so no other URL mode has one.
 */
export const writeRegistryDocument = (
  construct: Construct,
  url: string,
  identity: Manifest['identity'],
): void => {
  const outdir = Stage.of(construct)?.outdir;
  if (outdir === undefined || Token.isUnresolved(url)) return;
  const document = registryDocumentOf(url, identity);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(
    join(outdir, `${deploymentName(construct)}.server.json`),
    `${JSON.stringify(document, undefined, 2)}\n`,
  );
};
