import * as z from 'zod/v4/core';
import type { CallLimit } from '../../../policy/limits.ts';
import { cleanText } from '../../logging/clean-text.ts';
import { type Access, limitedTo } from './access.ts';
import type { CallContext } from './call-context.ts';
import type { Content, ToolResult } from './content.ts';
import { InputRequired } from './input-required.ts';
import type { Permission } from './permission.ts';
import { type Presentation, presented } from './presentation.ts';
import { requireFunction } from './require-function.ts';
import { assertToolResult, contentBlocks, isWholeResult } from './result-check.ts';
import type { Scope } from './scope.ts';

/** Hints to the client about what a tool does (2026-07-28 schema, "ToolAnnotations"). */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A schema of an object: zod's object, record, union of objects and the like. */
export type ArgumentsSchema = z.$ZodType<object, object>;

interface ToolDescription<Input extends ArgumentsSchema> extends Presentation {
  /** 1 to 128 letters, digits, `_`, `-` or `.`; unique in the server. */
  readonly name: string;
  readonly title: string;
  /** For the model: what it does, when to use it, what comes back. */
  readonly description: string;
  /**
   * Arguments. A property with `.meta({ 'x-mcp-header': 'Region' })` is mirrored by clients of
   * 2026-07-28 in the header `Mcp-Param-Region`, for gateways to route by; strings, integers and
   * booleans only, and nothing confidential.
   */
  readonly input: Input;
  /** Needed beside the base scope (policy/scopes). An empty list means: nothing more. */
  readonly scopes: readonly Scope[];
  /** Who may use it. The stack may say otherwise. @default everybody who may log in */
  readonly access?: Access;
  /**
   * The most calls of this tool by one user, beside the user's own limit: `{ perMinute: 5 }`. The
   * stack may say otherwise. @default no more than the user's own limit
   */
  readonly limit?: CallLimit;
  readonly annotations: ToolAnnotations;
  /** AWS permissions that this tool adds to the function's role. */
  readonly grants?: readonly Permission[];
}

interface StructuredTool<Input extends ArgumentsSchema, Output extends z.$ZodType>
  extends ToolDescription<Input> {
  /** The structured result. A result that does not fit is an internal error, never sent. */
  readonly output: Output;
  /** How people read the result. @default its JSON */
  readonly text?: (result: z.output<Output>) => Content;
  readonly handler: (
    input: z.output<Input>,
    context: CallContext,
  ) => Promise<z.input<Output> | InputRequired> | z.input<Output> | InputRequired;
}

interface PlainTool<Input extends ArgumentsSchema> extends ToolDescription<Input> {
  readonly output?: undefined;
  readonly text?: undefined;
  readonly handler: (
    input: z.output<Input>,
    context: CallContext,
  ) => Promise<Content | ToolResult | InputRequired> | Content | ToolResult | InputRequired;
}

/** A defined tool, whatever its types. `call` takes arguments that `input` has not seen yet. */
export interface Tool extends Presentation {
  readonly kind: 'tool';
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: ArgumentsSchema;
  readonly output: z.$ZodType | undefined;
  readonly scopes: readonly Scope[];
  readonly access?: Access;
  readonly limit?: CallLimit;
  readonly annotations: ToolAnnotations;
  readonly grants: readonly Permission[];
  call(
    callArguments: unknown,
    context: CallContext,
  ): Promise<ToolResult | InputRequired | InvalidArguments>;
}

/**
 * Arguments that the tool's schema refuses; `message` names the places, never the values, as far as
 * it may be shown (IN-3).
 */
export class InvalidArguments {
  readonly message: string;

  constructor(issues: readonly z.$ZodIssue[]) {
    this.message = cleanText(
      issues
        .map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`)
        .join('; '),
    );
  }
}

/**
 * Defines a tool. Export it as the default of a file in `tools/`; the build finds it there.
 *
 * @example
 * export default defineTool({
 *   name: 'add',
 *   title: 'Add',
 *   description: 'Adds two numbers.',
 *   input: z.object({ a: z.number(), b: z.number() }),
 *   output: z.object({ sum: z.number() }),
 *   scopes: [],
 *   annotations: { readOnlyHint: true },
 *   handler: ({ a, b }) => ({ sum: a + b }),
 * });
 */
// This order: TypeScript keeps the literal types of a handler's content only where the first
// overload gives them a context.
export function defineTool<Input extends ArgumentsSchema>(definition: PlainTool<Input>): Tool;
export function defineTool<Input extends ArgumentsSchema, Output extends z.$ZodType>(
  definition: StructuredTool<Input, Output>,
): Tool;
export function defineTool<Input extends ArgumentsSchema, Output extends z.$ZodType>(
  definition: StructuredTool<Input, Output> | PlainTool<Input>,
): Tool {
  const { name, title, description, input, output, scopes, annotations, grants = [] } = definition;
  requireFunction('handler', definition.handler);
  const call = isStructured(definition) ? structuredCall(definition) : plainCall(definition);
  return {
    kind: 'tool',
    name,
    title,
    description,
    input,
    output,
    scopes,
    annotations,
    grants,
    ...(definition.limit && { limit: definition.limit }),
    ...limitedTo(definition),
    ...presented(definition),
    call,
  };
}

const isStructured = <Input extends ArgumentsSchema, Output extends z.$ZodType>(
  definition: StructuredTool<Input, Output> | PlainTool<Input>,
): definition is StructuredTool<Input, Output> => definition.output !== undefined;

const structuredCall =
  <Input extends ArgumentsSchema, Output extends z.$ZodType>({
    input,
    output,
    text,
    handler,
  }: StructuredTool<Input, Output>): Tool['call'] =>
  async (callArguments, context) => {
    const parsed = z.safeParse(input, callArguments);
    if (!parsed.success) return new InvalidArguments(parsed.error.issues);
    const result = await handler(parsed.data, context);
    if (result instanceof InputRequired) return result;
    if (isWholeResult(result) && !describesContent(output)) return wholeResult(result, output);
    // Thrown: a tool that breaks its own promise is a fault of ours, not of the caller.
    const structuredContent = z.parse(output, result);
    return {
      content: contentBlocks(
        text === undefined ? JSON.stringify(structuredContent) : text(structuredContent),
      ),
      structuredContent,
    };
  };

const plainCall =
  <Input extends ArgumentsSchema>({ input, handler }: PlainTool<Input>): Tool['call'] =>
  async (callArguments, context) => {
    const parsed = z.safeParse(input, callArguments);
    if (!parsed.success) return new InvalidArguments(parsed.error.issues);
    const content: unknown = await handler(parsed.data, context);
    if (content instanceof InputRequired) return content;
    return isWholeResult(content) ? wholeResult(content) : { content: contentBlocks(content) };
  };

/** A schema that has a member `content` of its own takes a result that looks like the SDK's. */
const describesContent = (output: z.$ZodType): boolean =>
  output instanceof z.$ZodObject && Object.hasOwn(output._zod.def.shape, 'content');

/** @throws InvalidResult, and as `output` does, unless it tells of a failure */
const wholeResult = (result: unknown, output?: z.$ZodType): ToolResult => {
  assertToolResult(result);
  const { content, structuredContent, isError, _meta } = result;
  if (output === undefined || isError === true)
    return { content, structuredContent, isError, _meta };
  return { content, structuredContent: z.parse(output, structuredContent), _meta };
};
