import { type CallLimit, sizes } from '../../../policy/limits.ts';
import type { Caller } from '../../http/caller.ts';
import { type AccessTable, audienceOf, mayUse } from '../manifest/access.ts';
import { object } from './message.ts';

/** Calls of one tool in one request. */
interface ToolCalls {
  readonly tool: string;
  readonly calls: number;
  readonly limit: CallLimit;
}

/**
 * Which tools with a limit of their own a body calls, and how often. The body is not checked yet:
 * whatever would reach a tool is found, and nothing is refused. A tool that is not for the caller
 * has no limit, or its limit would tell that it exists (AUTH-12).
 */
export const limitedCalls = (
  limits: Readonly<Record<string, CallLimit>>,
  access: AccessTable,
): ((json: unknown, caller: Caller) => readonly ToolCalls[]) => {
  const limitOf = (tool: string, { groups }: Caller): CallLimit | undefined =>
    Object.hasOwn(limits, tool) && mayUse(audienceOf(access, 'tools', tool), groups)
      ? limits[tool]
      : undefined;
  return (json, caller) => {
    const calls = new Map<string, ToolCalls>();
    for (const message of messagesIn(json)) {
      const tool = calledTool(message);
      const limit = tool === undefined ? undefined : limitOf(tool, caller);
      if (tool === undefined || limit === undefined) continue;
      calls.set(tool, { tool, limit, calls: (calls.get(tool)?.calls ?? 0) + 1 });
    }
    return [...calls.values()];
  };
};

/** A batch that is too long is refused, and calls nothing. */
const messagesIn = (json: unknown): readonly unknown[] => {
  if (!Array.isArray(json)) return [json];
  return json.length > sizes.batchMessages ? [] : json;
};

const calledTool = (message: unknown): string | undefined => {
  const { method, params } = object.safeParse(message).data ?? {};
  const { name } = object.safeParse(params).data ?? {};
  return method === 'tools/call' && typeof name === 'string' ? name : undefined;
};
