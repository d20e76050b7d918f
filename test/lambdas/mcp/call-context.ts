import type { CallContext } from '../../../lambdas/mcp/authoring/call-context.ts';
import { caller } from './exchange.ts';

/** The context of a call, for testing one tool by itself. */
export const callContext = (context: Partial<CallContext> = {}): CallContext => ({
  caller,
  logger: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} },
  count: () => {},
  signal: new AbortController().signal,
  remainingMilliseconds: () => 60_000,
  progress: () => {},
  inputResponses: {},
  requestState: undefined,
  clientCapabilities: {},
  ...context,
});
