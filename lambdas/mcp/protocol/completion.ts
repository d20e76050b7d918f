import * as z from 'zod/mini';
import { completionValues } from '../../../policy/mcp-methods.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import type { Prompt } from '../authoring/define-prompt.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import {
  type Method,
  parseParameters,
  type RequestContext,
  requireScopes,
} from './request-context.ts';
import { completed } from './response.ts';

const parameters = z.object({
  ref: z.discriminatedUnion('type', [
    z.object({ type: z.literal('ref/prompt'), name: z.string() }),
    z.object({ type: z.literal('ref/resource'), uri: z.string() }),
  ]),
  argument: z.object({ name: z.string(), value: z.string() }),
  context: z.optional(z.object({ arguments: z.nullish(z.record(z.string(), z.string())) })),
});

export const complete: Method = async (turn) => {
  const { ref, argument, context } = parseParameters(parameters, turn);
  const completable = completableOf(ref, turn);
  if (completable === undefined)
    throw new InvalidParameters({ message: 'Unknown prompt or resource template' });
  requireScopes(completable.scopes, turn);
  const completion = Object.hasOwn(completable.complete, argument.name)
    ? completable.complete[argument.name]
    : undefined;
  if (completion === undefined)
    return completed({ completion: { values: [], hasMore: false } }, turn);
  const values = z
    .array(z.string())
    .parse(await completion(argument.value, context?.arguments ?? {}));
  const shown = values.slice(0, completionValues);
  return completed(
    { completion: { values: shown, total: values.length, hasMore: shown.length < values.length } },
    turn,
  );
};

const completableOf = (
  ref: z.infer<typeof parameters>['ref'],
  { offer }: RequestContext,
): Pick<Prompt, 'scopes' | 'complete'> | undefined => {
  if (ref.type === 'ref/prompt') return offer.prompts.get(ref.name);
  const resource = offer.resources.get(percentEncoded(ref.uri));
  // A fixed URI has nothing to complete.
  return offer.templates.get(ref.uri) ?? (resource && { scopes: resource.scopes, complete: {} });
};
