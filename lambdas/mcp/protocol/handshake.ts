import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { protocolVersions } from '../../../policy/mcp-methods.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import { capabilitiesOf } from './capabilities.ts';
import { supportedVersions } from './negotiation.ts';
import { type Method, parseParameters } from './request-context.ts';
import { completed, serverInfoKey } from './response.ts';

const parameters = whenNeeded(() =>
  z.object({
    protocolVersion: text(sizes.wordCharacters),
    capabilities: z.record(text(sizes.displayedCharacters), z.unknown()),
    clientInfo: z.object({
      name: text(sizes.displayedCharacters),
      version: text(sizes.displayedCharacters),
    }),
  }),
);

const versions: readonly string[] = protocolVersions.legacy;

/**
 * 2025 revisions "Version Negotiation": the client's version where it is served, else our newest of
 * that era. No session begins.
 */
export const initialize: Method = (context) => {
  const { protocolVersion: asked } = parseParameters(parameters(), context);
  const { instructions, ...serverInfo } = context.registry.catalogue.server;
  return completed(
    {
      protocolVersion: versions.includes(asked) ? asked : versions[0],
      capabilities: capabilitiesOf(context),
      serverInfo,
      instructions,
    },
    context,
  );
};

/** The one result of 2026-07-28 that says all about the server, icons too. */
export const discover: Method = (context) => {
  const { instructions, ...serverInfo } = context.registry.catalogue.server;
  const result = {
    supportedVersions,
    capabilities: capabilitiesOf(context),
    instructions,
    _meta: { [serverInfoKey]: serverInfo },
  };
  return completed(result, context, 'cacheable');
};

export const ping: Method = (context) => completed({}, context);
