import {
  HttpError,
  InvalidParameters,
  MissingClientCapability,
  OutOfTime,
} from '../../errors/errors.ts';
import { shownBlock } from '../authoring/content.ts';
import { InvalidArguments, type Tool } from '../authoring/define-tool.ts';
import { InputRequired } from '../authoring/input-required.ts';
import { ToolError } from '../authoring/tool-error.ts';
import { noteError } from '../execution/call-trail.ts';
import type { ParamHeader } from '../manifest/param-headers.ts';
import { absence, isPermitted } from './access.ts';
import { inputRequired, run } from './input-round.ts';
import { isObject, isText, object } from './message.ts';
import { requireAgreement } from './mirrored-value.ts';
import { type Method, malformed, type RequestContext, requireScopes } from './request-context.ts';
import { completed } from './response.ts';

// By hand: every call waits for it.
const parametersOf = ({ params }: RequestContext) => {
  const { name, arguments: given = {} } = params;
  if (!isText(name)) throw malformed('name');
  if (!isObject(given)) throw malformed('arguments');
  return { name, given };
};

export const callTool: Method = async (context) => {
  const { name, given } = parametersOf(context);
  const tool = context.registry.tools.get(name);
  if (tool !== undefined) context.record.definition = tool.name;
  // Before the arguments are looked at: what they are refused for would tell that it exists.
  if (tool === undefined || !isPermitted('tools', name, context))
    throw new InvalidParameters({ message: 'Unknown tool', ...absence(tool, context) });
  requireScopes(tool.scopes, context);
  if (context.era === 'modern') {
    for (const header of context.registry.paramHeaders.get(name) ?? [])
      requireParamHeader(header, given, context.request.headers);
  }
  try {
    const result = await run(tool.name, context, (call) => tool.call(given, call));
    if (result instanceof InputRequired) return inputRequired(result, context);
    // IN-4: the tool's own schema refused its arguments.
    if (result instanceof InvalidArguments) throw invalid(result, tool, context);
    if (result.isError === true) context.record.outcome ??= 'error';
    const content = result.content.map((block) => shownBlock(block, context.version));
    return completed({ ...result, content }, context);
  } catch (error) {
    noteError(context.record, error);
    return completed(
      { content: [{ type: 'text', text: failureText(error, tool, context) }], isError: true },
      context,
    );
  }
};

const invalid = (
  { message }: InvalidArguments,
  { name }: Tool,
  { request }: RequestContext,
): ToolError => {
  request.securityEvent('InputValidationFailure', { tool: name, detail: message });
  return new ToolError(`Invalid arguments: ${message}`);
};

/**
 * What the model reads of a call that failed.
 * @throws the error where it refuses the request itself
 */
const failureText = (error: unknown, { name }: Tool, { request }: RequestContext): string => {
  if (error instanceof ToolError) return error.message;
  // The client's to mend, such as a `requestState` that is not the tool's own.
  if (error instanceof InvalidParameters || error instanceof MissingClientCapability) throw error;
  if (error instanceof OutOfTime) {
    request.logger.error('A tool did not finish in time', { tool: name });
    return 'The tool did not finish in the time that it has. Ask for less, or for a part of it.';
  }
  // One that a tool let pass from the stack's own parts, such as a table that is throttled, is safe
  // to show.
  if (error instanceof HttpError) return error.message;
  // ERR-1: what went wrong is for the log; the request id finds it there.
  request.logger.error('A tool failed', { tool: name, cause: error });
  return `The tool failed. Request id: ${request.requestId}`;
};

// "Server Behavior for Custom Headers": null and absent values have no header; one that is there
// then means nothing.
const requireParamHeader = (
  { header, path, type }: ParamHeader,
  given: unknown,
  headers: Readonly<Record<string, string>>,
): void => {
  const value = path.reduce<unknown>((node, key) => {
    const { data: members = {} } = object.safeParse(node);
    return Object.hasOwn(members, key) ? members[key] : undefined;
  }, given);
  // A value of another type is the schema's to refuse.
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
  requireAgreement(header, headers[header.toLowerCase()], (decoded) =>
    type === 'integer' && /^-?\d+(\.\d+)?$/.test(decoded)
      ? Number(decoded) === value
      : decoded === String(value),
  );
};
