import * as z from 'zod/mini';
import { whenNeeded } from '../../http/when-needed.ts';
import type { ContentBlock, PromptMessage, ToolResult } from './content.ts';

/*
 * Definitions may be JavaScript, or have lost their types on the way: what handlers return is held
 * to the schema of the protocol before it leaves, since a client that cannot read one block drops
 * the whole result.
 */

// Most tools return a text, which needs none of these schemas.

/** What clients decode as base64: they refuse the whole result otherwise. */
const base64 = whenNeeded(() =>
  z.string().check(
    z.refine((text) => {
      try {
        atob(text);
        return true;
      } catch {
        return false;
      }
    }, 'Invalid base64'),
  ),
);
const meta = whenNeeded(() => z.optional(z.record(z.string(), z.unknown())));

const block = whenNeeded(() => {
  const annotations = z.optional(
    z.looseObject({
      audience: z.optional(z.array(z.enum(['user', 'assistant']))),
      priority: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
      lastModified: z.optional(z.iso.datetime({ offset: true })),
    }),
  );
  const common = { annotations, _meta: meta() };
  const contents = { uri: z.string(), mimeType: z.optional(z.string()), _meta: meta() };
  return z.discriminatedUnion('type', [
    z.looseObject({ ...common, type: z.literal('text'), text: z.string() }),
    z.looseObject({
      ...common,
      type: z.enum(['image', 'audio']),
      data: base64(),
      mimeType: z.string(),
    }),
    z.looseObject({
      ...common,
      type: z.literal('resource'),
      resource: z.union([
        z.looseObject({ ...contents, text: z.string() }),
        z.looseObject({ ...contents, blob: base64() }),
      ]),
    }),
    z.looseObject({
      ...common,
      type: z.literal('resource_link'),
      uri: z.string(),
      name: z.string(),
      title: z.optional(z.string()),
      description: z.optional(z.string()),
      mimeType: z.optional(z.string()),
      size: z.optional(z.number()),
      icons: z.optional(
        z.array(
          z.looseObject({
            src: z.string(),
            mimeType: z.optional(z.string()),
            sizes: z.optional(z.array(z.string())),
            theme: z.optional(z.enum(['light', 'dark'])),
          }),
        ),
      ),
    }),
  ]);
});

const blocks = whenNeeded(() => z.array(block()));
const messages = whenNeeded(() =>
  z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: block() })),
);
const callResult = whenNeeded(() =>
  z.looseObject({
    content: blocks(),
    structuredContent: z.optional(z.record(z.string(), z.unknown())),
    isError: z.optional(z.boolean()),
    _meta: meta(),
  }),
);

/** A handler returned what is no result of the protocol. The message says where it is wrong. */
export class InvalidResult extends Error {
  override readonly name = 'InvalidResult';
}

/** @throws InvalidResult for what no client could read */
export const contentBlocks = (content: unknown): readonly ContentBlock[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  const given: unknown = Array.isArray(content) ? content : [content];
  assertBlocks(given);
  return given;
};

/** @throws InvalidResult */
export function assertMessages(given: unknown): asserts given is readonly PromptMessage[] {
  requireValid('messages', messages(), given);
}

/** Whether a handler returned a whole result, as those of the official SDK do, and not content. */
export const isWholeResult = (given: unknown): given is { readonly content: readonly unknown[] } =>
  typeof given === 'object' &&
  given !== null &&
  !('type' in given) &&
  'content' in given &&
  Array.isArray(given.content);

/** @throws InvalidResult */
export function assertToolResult(given: unknown): asserts given is ToolResult {
  requireValid('result', callResult(), given);
}

function assertBlocks(given: unknown): asserts given is readonly ContentBlock[] {
  requireValid('content', blocks(), given);
}

function requireValid(what: string, schema: z.ZodMiniType, given: unknown): void {
  const { success, error } = schema.safeParse(given);
  if (success) return;
  const [issue] = error.issues;
  const place = [what, ...(issue?.path ?? [])].map(String).join('.');
  throw new InvalidResult(
    `The handler returned what no client can read: ${place} is not as MCP has it (${issue?.message}).`,
  );
}
