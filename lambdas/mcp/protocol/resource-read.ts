import * as z from 'zod/mini';
import { UnknownLegacyResource, UnknownResource } from '../../errors/errors.ts';
import { InputRequired } from '../authoring/input-required.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { inputRequired, run } from './input-round.ts';
import { type Method, parseParameters, requireScopes } from './request-context.ts';
import { completed } from './response.ts';

const parameters = z.object({ uri: z.string() });

export const readResource: Method = async (turn) => {
  const { uri } = parseParameters(parameters, turn);
  // 2026-07-28 changed the code; the URI goes back so that the client knows which of its reads this
  // was.
  const Unknown = turn.era === 'modern' ? UnknownResource : UnknownLegacyResource;
  const encoded = percentEncoded(uri);
  const resource =
    turn.offer.resources.get(encoded) ??
    [...turn.offer.templates.values()].find(({ pattern }) => pattern.test(encoded));
  if (resource === undefined) throw new Unknown({ data: { uri } });
  requireScopes(resource.scopes, turn);
  const body = await run(resource.name, turn, (call) =>
    resource.kind === 'resource' ? resource.read(call) : resource.read(uri, call),
  );
  if (body === undefined) throw new Unknown({ data: { uri } });
  if (body instanceof InputRequired) return inputRequired(body, turn);
  const contents =
    typeof body === 'string' ? { text: body } : { blob: Buffer.from(body).toString('base64') };
  return completed(
    { contents: [{ uri, mimeType: resource.mimeType, ...contents }] },
    turn,
    'cacheable',
  );
};
