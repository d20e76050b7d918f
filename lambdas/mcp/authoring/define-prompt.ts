import * as z from 'zod/v4/core';
import { type Access, limitedTo } from './access.ts';
import type { CallContext } from './call-context.ts';
import type { PromptMessage } from './content.ts';
import { InvalidArguments } from './define-tool.ts';
import { InputRequired } from './input-required.ts';
import { type Presentation, presented } from './presentation.ts';
import { requireFunction } from './require-function.ts';
import { assertMessages } from './result-check.ts';
import type { Scope } from './scope.ts';

/**
 * Suggests values for an argument or a template's variable that begins with `value`; `others` are
 * those already filled in.
 */
export type Completion = (
  value: string,
  others: Readonly<Record<string, string>>,
) => readonly string[] | Promise<readonly string[]>;

/** Arguments of a prompt are strings on the wire; their schema may narrow and describe them. */
export type PromptArguments = Readonly<Record<string, z.$ZodType<unknown, string | undefined>>>;

export interface PromptDefinition<Arguments extends z.$ZodObject<PromptArguments>>
  extends Presentation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: Arguments;
  /** Needed beside the base scope. An empty list means: nothing more. */
  readonly scopes: readonly Scope[];
  /** Who may use it. The stack may say otherwise. @default everybody who may log in */
  readonly access?: Access;
  readonly complete?: { readonly [Name in keyof z.output<Arguments>]?: Completion };
  /** A string is one message of the user's. */
  readonly handler: (
    values: z.output<Arguments>,
    context: CallContext,
  ) =>
    | Promise<string | readonly PromptMessage[] | InputRequired>
    | string
    | readonly PromptMessage[]
    | InputRequired;
}

export interface Prompt extends Presentation {
  readonly kind: 'prompt';
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: z.$ZodObject<PromptArguments>;
  readonly scopes: readonly Scope[];
  readonly access?: Access;
  readonly complete: Readonly<Record<string, Completion | undefined>>;
  get(
    values: unknown,
    context: CallContext,
  ): Promise<readonly PromptMessage[] | InputRequired | InvalidArguments>;
}

/** Defines a prompt. Export it as the default of a file in `prompts/`; the build finds it there. */
export const definePrompt = <Arguments extends z.$ZodObject<PromptArguments>>(
  definition: PromptDefinition<Arguments>,
): Prompt => {
  requireFunction('handler', definition.handler);
  return {
    kind: 'prompt',
    name: definition.name,
    title: definition.title,
    description: definition.description,
    arguments: definition.arguments,
    scopes: definition.scopes,
    complete: definition.complete ?? {},
    ...limitedTo(definition),
    ...presented(definition),
    get: async (values, context) => {
      const parsed = z.safeParse(definition.arguments, values);
      if (!parsed.success) return new InvalidArguments(parsed.error.issues);
      const messages = await definition.handler(parsed.data, context);
      if (messages instanceof InputRequired) return messages;
      if (typeof messages === 'string')
        return [{ role: 'user', content: { type: 'text', text: messages } }];
      assertMessages(messages);
      return messages;
    },
  };
};
