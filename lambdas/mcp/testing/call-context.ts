import { scopes } from '../../../policy/scopes.ts';
import type { Caller } from '../../http/caller.ts';
import type { CallContext } from '../authoring/call-context.ts';

/** Who calls where a test names nobody: holds every scope. */
export const testCaller: Caller = {
  sub: '6f3a2c1e-0000-4000-8000-1234567890ab',
  username: 'dev',
  scopes: Object.keys(scopes),
  clientId: 'appclient1',
  profile: 'loopback',
};

/** Logs nothing. */
export const silentLogger: CallContext['logger'] = {
  debug: () => {},
  info: () => {},
  warning: () => {},
  error: () => {},
};

/**
 * The context of one call, for a test that calls a definition by itself:
 * `tool.call({ order: '7' }, callContext())`. It logs and counts nothing, and its signal never
 * fires.
 * @param context what should be otherwise
 */
export const callContext = (context: Partial<CallContext> = {}): CallContext => ({
  caller: testCaller,
  logger: silentLogger,
  count: () => {},
  signal: new AbortController().signal,
  remainingMilliseconds: () => 60_000,
  progress: () => {},
  traceContext: {},
  inputResponses: {},
  requestState: undefined,
  clientCapabilities: {},
  ...context,
});
