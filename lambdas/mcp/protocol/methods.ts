import { mcpMethods } from '../../../policy/mcp-methods.ts';
import { HttpError, UnknownMcpMethod } from '../../errors/errors.ts';
import { capabilitiesOf } from './capabilities.ts';
import { complete } from './completion.ts';
import { discover, initialize, ping } from './handshake.ts';
import { list } from './list.ts';
import type { NegotiatedProtocol } from './negotiation.ts';
import { getPrompt } from './prompt-get.ts';
import type { Method, RequestContext } from './request-context.ts';
import { readResource } from './resource-read.ts';
import { listen } from './subscription.ts';
import { callTool } from './tool-call.ts';

/**
 * Every method that has a result, and the capability that it belongs to. Which era knows
 * it is policy.
 */
const methods: ReadonlyMap<string, readonly [Method, capability?: string]> = new Map<
  string,
  readonly [Method, string?]
>([
  ['initialize', [initialize]],
  ['ping', [ping]],
  ['server/discover', [discover]],
  ['tools/list', [list('tools'), 'tools']],
  ['tools/call', [callTool, 'tools']],
  ['prompts/list', [list('prompts'), 'prompts']],
  ['prompts/get', [getPrompt, 'prompts']],
  ['resources/list', [list('resources'), 'resources']],
  ['resources/read', [readResource, 'resources']],
  ['resources/templates/list', [list('resourceTemplates'), 'resources']],
  ['completion/complete', [complete, 'completions']],
  ['subscriptions/listen', [listen]],
]);

const allowed = {
  modern: new Set<string>(mcpMethods.modern),
  legacy: new Set<string>(mcpMethods.legacy),
};

/**
 * IN-1.
 * @throws UnknownMcpMethod for what is not on the era's list, before anything looks at its
 * parameters
 */
export const requireAllowed = (method: string, era: NegotiatedProtocol['era']): void => {
  if (!allowed[era].has(method)) throw new UnknownMcpMethod();
};

/**
 * @throws UnknownMcpMethod also for a method of a capability that the server has nothing for, and so
 * does the method of one that it has nothing for as far as this caller is concerned (AUTH-12)
 */
export const methodOf = (context: RequestContext): Method => {
  requireAllowed(context.method, context.era);
  const [method, capability] = methods.get(context.method) ?? [];
  if (method === undefined) throw new UnknownMcpMethod();
  if (capability === undefined || Object.hasOwn(capabilitiesOf(context), capability)) return method;
  return hiding(method);
};

/** The method finds nothing for the caller. What it would say of that is for the log alone. */
const hiding =
  (method: Method): Method =>
  async (context) => {
    try {
      await method(context);
    } catch (error) {
      const isRefusal = error instanceof HttpError && error.event === 'AccessRefused';
      throw new UnknownMcpMethod(
        isRefusal ? { event: 'AccessRefused', about: error.about } : undefined,
      );
    }
    throw new UnknownMcpMethod();
  };
