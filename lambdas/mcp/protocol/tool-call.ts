import * as z from 'zod/mini';
import { InvalidParameters, OutOfTime, Refusal } from '../../errors/errors.ts';
import type { ContentBlock } from '../content.ts';
import { InvalidArguments, type Tool } from '../define-tool.ts';
import { InputRequired } from '../input-required.ts';
import type { ParamHeader } from '../param-headers.ts';
import { ToolError } from '../tool-error.ts';
import { inputRequiredResult, run } from './input-round.ts';
import { requireAgreement } from './mirrored-value.ts';
import { completed, type Json } from './response.ts';
import { type Method, parametersOf, requireScopes, type Turn } from './turn.ts';

const parameters = z.object({ name: z.string(), arguments: z.optional(z.record(z.string(), z.unknown())) });

export const callTool: Method = async (turn) => {
  const { name, arguments: given = {} } = parametersOf(parameters, turn);
  const tool = turn.offer.tools.get(name);
  if (tool === undefined) throw new InvalidParameters({ message: 'Unknown tool' });
  requireScopes(tool.scopes, turn);
  if (turn.era === 'modern') {
    for (const header of turn.offer.paramHeaders.get(name) ?? []) requireParamHeader(header, given, turn.request.headers);
  }
  const result = await outcome(tool, given, turn);
  if (result instanceof InputRequired) return inputRequired(result, turn);
  if (result instanceof InvalidArguments) {
    turn.request.securityEvent('InputValidationFailure', { tool: name, detail: result.message });
    return failed(`Invalid arguments: ${result.message}`, turn);
  }
  return completed(result, turn.era);
};

/** What a tool answered, or the model-readable error that it ended in. */
const outcome = async (tool: Tool, given: unknown, turn: Turn) => {
  try {
    return await run(tool.name, turn, (call) => tool.call(given, call));
  } catch (error) {
    if (error instanceof ToolError) return errorResult(error.message);
    // The tool refuses the request itself, such as a `requestState` that is not its own.
    if (error instanceof InvalidParameters) throw error;
    if (error instanceof OutOfTime) {
      turn.request.logger.error('A tool did not finish in time', { tool: tool.name });
      return errorResult('The tool did not finish in the time that it has. Ask for less, or for a part of it.');
    }
    // One that a tool let pass from the stack's own parts, such as a table that is throttled, is safe to show.
    if (error instanceof Refusal) return errorResult(error.message);
    // ERR-1: what went wrong is for the log; the request id finds it there.
    turn.request.logger.error('A tool failed', { tool: tool.name, cause: error });
    return errorResult(`The tool failed. Request id: ${turn.request.requestId}`);
  }
};

interface ErrorResult {
  readonly content: readonly ContentBlock[];
  readonly isError: true;
}

const errorResult = (text: string): ErrorResult => ({ content: [{ type: 'text', text }], isError: true });

const failed = (text: string, turn: Turn): Json => completed(errorResult(text), turn.era);

const inputRequired = (result: InputRequired, turn: Turn): Json =>
  turn.era === 'modern'
    ? inputRequiredResult(result, turn)
    : failed('This tool asks the user for something, which works from protocol version 2026-07-28 on.', turn);

// "Server Behavior for Custom Headers": null and absent values have no header; one that is there then means nothing.
const requireParamHeader = ({ header, path, type }: ParamHeader, given: unknown, headers: Readonly<Record<string, string>>): void => {
  const value = path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? Object.entries(node).find(([name]) => name === key)?.[1]
        : undefined,
    given,
  );
  // A value of another type is the schema's to refuse.
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
  requireAgreement(header, headers[header.toLowerCase()], (decoded) =>
    type === 'integer' && /^-?\d+(\.\d+)?$/.test(decoded) ? Number(decoded) === value : decoded === String(value),
  );
};
