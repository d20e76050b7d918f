import * as z from 'zod/mini';
import { UnknownLegacyResource, UnknownResource } from '../../errors/errors.ts';
import type { ResourceBody } from '../define-resource.ts';
import { run } from './input-round.ts';
import { completed } from './response.ts';
import { type Method, parametersOf, requireScopes, type Turn } from './turn.ts';

const parameters = z.object({ uri: z.string() });

export const readResource: Method = async (turn) => {
  const { uri } = parametersOf(parameters, turn);
  const resource = turn.offer.resources.get(uri) ?? [...turn.offer.templates.values()].find(({ pattern }) => pattern.test(uri));
  if (resource === undefined) throw unknown(uri, turn);
  requireScopes(resource.scopes, turn);
  const body = await run(resource.name, turn, (call) => (resource.kind === 'resource' ? resource.read(call) : resource.read(uri, call)));
  if (body === undefined) throw unknown(uri, turn);
  return completed({ contents: [{ uri, mimeType: resource.mimeType, ...contents(body) }] }, turn.era, 'cacheable');
};

const contents = (body: ResourceBody) => (typeof body === 'string' ? { text: body } : { blob: Buffer.from(body).toString('base64') });

// 2026-07-28 changed the code; the URI goes back so that the client knows which of its reads this was.
const unknown = (uri: string, { era }: Turn) =>
  era === 'modern' ? new UnknownResource({ data: { uri } }) : new UnknownLegacyResource({ data: { uri } });
