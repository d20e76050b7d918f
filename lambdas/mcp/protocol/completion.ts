import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { completionValues } from '../../../policy/mcp-methods.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
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
    z.object({ type: z.literal('ref/prompt'), name: text(sizes.displayedCharacters) }),
    z.object({ type: z.literal('ref/resource'), uri: text(sizes.uriCharacters) }),
  ]),
  argument: z.object({ name: text(sizes.displayedCharacters), value: text(sizes.uriCharacters) }),
  context: z.optional(
    z.object({
      arguments: z.nullish(z.record(text(sizes.displayedCharacters), text(sizes.uriCharacters))),
    }),
  ),
});

export const complete: Method = async (context) => {
  const { ref, argument, context: given } = parseParameters(parameters, context);
  const completable = completableOf(ref, context);
  if (completable === undefined)
    throw new InvalidParameters({ message: 'Unknown prompt or resource template' });
  requireScopes(completable.scopes, context);
  const completion = Object.hasOwn(completable.complete, argument.name)
    ? completable.complete[argument.name]
    : undefined;
  if (completion === undefined)
    return completed({ completion: { values: [], hasMore: false } }, context);
  const values = z
    .array(z.string())
    .parse(await completion(argument.value, given?.arguments ?? {}));
  const shown = values.slice(0, completionValues);
  return completed(
    { completion: { values: shown, total: values.length, hasMore: shown.length < values.length } },
    context,
  );
};

const completableOf = (
  ref: z.infer<typeof parameters>['ref'],
  { registry }: RequestContext,
): Pick<Prompt, 'scopes' | 'complete'> | undefined => {
  if (ref.type === 'ref/prompt') return registry.prompts.get(ref.name);
  const resource = registry.resources.get(percentEncoded(ref.uri));
  // A fixed URI has nothing to complete.
  return registry.templates.get(ref.uri) ?? (resource && { scopes: resource.scopes, complete: {} });
};
