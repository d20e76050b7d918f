import * as z from 'zod/mini';
import { protocolVersions } from '../../../policy/mcp-methods.ts';
import { instructions, serverInfo } from '../server-info.ts';
import { completed } from './response.ts';
import { type Method, parametersOf } from './turn.ts';

const parameters = z.object({
  protocolVersion: z.string(),
  capabilities: z.record(z.string(), z.unknown()),
  clientInfo: z.looseObject({ name: z.string(), version: z.string() }),
});

const versions: readonly string[] = protocolVersions.legacy;

/** 2025 revisions "Version Negotiation": the client's version where it is served, else our newest of that era. No session begins. */
export const initialize: Method = (turn) => {
  const { protocolVersion } = parametersOf(parameters, turn);
  const { capabilities } = turn.offer;
  return completed(
    {
      protocolVersion: versions.includes(protocolVersion) ? protocolVersion : versions[0],
      capabilities,
      serverInfo,
      instructions,
    },
    turn.era,
  );
};

export const discover: Method = ({ era, offer: { capabilities } }) =>
  completed({ supportedVersions: [...protocolVersions.modern, ...protocolVersions.legacy], capabilities, instructions }, era, 'cacheable');

export const ping: Method = ({ era }) => completed({}, era);
