import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { completionValues } from '../../../policy/mcp-methods.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import type { Prompt } from '../authoring/define-prompt.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { absence, isPermitted } from './access.ts';
import {
  type Method,
  parseParameters,
  type RequestContext,
  requireScopes,
} from './request-context.ts';
import { completed } from './response.ts';

const parameters = whenNeeded(() =>
  z.object({
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
  }),
);

export const complete: Method = async (context) => {
  const { ref, argument, context: given } = parseParameters(parameters(), context);
  const { completable, isFor } = completableOf(ref, context);
  if (completable === undefined || !isFor)
    throw new InvalidParameters({
      message: 'Unknown prompt or resource template',
      ...absence(completable, context),
    });
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

interface Completable {
  readonly completable: Pick<Prompt, 'name' | 'scopes' | 'complete'> | undefined;
  /** Whether the caller may use it. */
  readonly isFor: boolean;
}

const completableOf = (
  ref: z.infer<ReturnType<typeof parameters>>['ref'],
  context: RequestContext,
): Completable => {
  const { prompts, resources, templates } = context.registry;
  if (ref.type === 'ref/prompt')
    return {
      completable: prompts.get(ref.name),
      isFor: isPermitted('prompts', ref.name, context),
    };
  const template = templates.get(ref.uri);
  if (template !== undefined)
    return {
      completable: template,
      isFor: isPermitted('resourceTemplates', ref.uri, context),
    };
  const uri = percentEncoded(ref.uri);
  const resource = resources.get(uri);
  return {
    // A fixed URI has nothing to complete.
    completable: resource && { name: resource.name, scopes: resource.scopes, complete: {} },
    isFor: isPermitted('resources', uri, context),
  };
};
