import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { legacyNotifications } from '../../../policy/mcp-methods.ts';
import { baseScope } from '../../../policy/scopes.ts';
import {
  HeaderMismatch,
  HttpError,
  InsufficientScope,
  MethodNotAllowed,
  MissingClientCapability,
  MissingToken,
  NotAcceptable,
  Unexpected,
  UnknownMcpMethod,
} from '../../errors/errors.ts';
import { renderError } from '../../errors/render-error.ts';
import { text } from '../../http/bounded.ts';
import type { HttpResponse, SecuredRequest } from '../../http/request.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import { type Call, CallCancelled } from '../execution/call.ts';
import { type CallTrailSettings, callTrail } from '../execution/call-trail.ts';
import { createRegistry } from '../execution/registry.ts';
import type { AccessTable } from '../manifest/access.ts';
import type { Catalogue } from '../manifest/catalogue.ts';
import type { Definitions } from '../manifest/definitions.ts';
import { acceptedTypes } from './accept.ts';
import { runningKey } from './input-round.ts';
import type { Json } from './json.ts';
import {
  type Message,
  oldestVersion,
  parseBatch,
  parseMessage,
  type RequestId,
} from './message.ts';
import { jsonResponse, messageStream } from './message-stream.ts';
import { methodOf, requireAllowed } from './methods.ts';
import { type NegotiatedProtocol, negotiateProtocol } from './negotiation.ts';
import { type HttpContext, type RequestContext, requireScopes } from './request-context.ts';
import { resultMessage } from './response.ts';

/**
 * Serves requests to the MCP endpoint: both eras, one set of definitions, no state but the calls
 * under way.
 * @throws HttpError for what has an HTTP status of its own; the stack renders it
 */
export const dispatcher = (
  definitions: Definitions,
  catalogue: Catalogue,
  access: AccessTable,
  trailSettings: CallTrailSettings,
): ((request: SecuredRequest) => Promise<HttpResponse>) => {
  const registry = createRegistry(definitions, catalogue, access);
  const running = new Map<string, Call>();
  const trail = callTrail(trailSettings);
  return async (request) => {
    if (request.method !== 'POST') throw new MethodNotAllowed({ headers: { allow: 'POST' } });
    if (request.caller === undefined) throw new MissingToken();
    const httpContext = { request, caller: request.caller, registry, running, trail };
    requireScopes([baseScope], httpContext);
    const { eventStream } = acceptedTypes(request.headers['accept']);
    return Array.isArray(request.json)
      ? respondToBatch(request.json, httpContext)
      : respondToOne(parseMessage(request.json), httpContext, eventStream);
  };
};

const respondToOne = async (
  message: Message,
  httpContext: HttpContext,
  takesStream: boolean,
): Promise<HttpResponse> => {
  const { id } = message;
  try {
    const protocol = negotiateProtocol(message, httpContext.request.headers);
    if (id === undefined) {
      notified(message, protocol, httpContext);
      return accepted;
    }
    const stream = takesStream
      ? messageStream(
          () => cancel(id, httpContext),
          (error) => inBand(error, context),
        )
      : undefined;
    const send = sendsBeforeResponse(message) ? stream?.send : undefined;
    const context = contextOf(httpContext, protocol, message, id, send);
    const response = responseTo(context);
    return await (stream === undefined ? jsonResponse(await response) : stream.respond(response));
  } catch (error) {
    if (error instanceof HttpError) error.rpcId ??= id ?? null;
    throw error;
  }
};

const contextOf = (
  { request, caller, registry, running, trail }: HttpContext,
  { era, version, clientCapabilities }: NegotiatedProtocol,
  { method, params, meta }: Message,
  id: RequestId,
  send?: RequestContext['send'],
): RequestContext => ({
  request,
  caller,
  registry,
  running,
  trail,
  era,
  version,
  clientCapabilities,
  method,
  params,
  meta,
  id,
  send,
  record: {},
});

const respondToBatch = async (
  elements: readonly unknown[],
  httpContext: HttpContext,
): Promise<HttpResponse> => {
  const messages = parseBatch(elements, httpContext.request.headers['mcp-protocol-version']);
  const protocol: NegotiatedProtocol = {
    era: 'legacy',
    version: oldestVersion,
    clientCapabilities: {},
  };
  const responses = await Promise.all(
    messages.map(async (message) => {
      if (message.id !== undefined)
        return responseTo(contextOf(httpContext, protocol, message, message.id));
      try {
        notified(message, protocol, httpContext);
      } catch (error) {
        // A notification has no response that could carry the error.
        if (error instanceof HttpError) report(error, message, httpContext);
      }
      return undefined;
    }),
  );
  const written = responses.filter((response) => response !== undefined);
  return written.length === 0 ? accepted : jsonResponse(`[${written.join(',')}]`);
};

/** A notification is accepted, and has no response. */
const accepted: HttpResponse = { statusCode: 202, body: '' };

/**
 * @throws UnknownMcpMethod; what is wrong with a notification's parameters is nobody's to hear of
 * ("Cancellation")
 */
const notified = (
  { method, params }: Message,
  { era }: NegotiatedProtocol,
  httpContext: HttpContext,
): void => {
  if (era === 'modern' || !method.startsWith(legacyNotifications)) requireAllowed(method, era);
  if (method !== 'notifications/cancelled') return;
  const { requestId } = cancelled().safeParse(params).data ?? {};
  if (requestId !== undefined) cancel(requestId, httpContext);
};

const cancelled = whenNeeded(() =>
  z.object({ requestId: z.union([text(sizes.displayedCharacters), z.number()]) }),
);

/**
 * Reaches a call only in the process that runs it; elsewhere the call finishes, and its result is
 * not wanted any more.
 */
const cancel = (id: RequestId, { running, caller }: HttpContext): void => {
  running.get(runningKey(caller.sub, id))?.abort(new CallCancelled());
};

/** What has no progress to report sends nothing before its response. */
const sendsBeforeResponse = ({ method, meta }: Message): boolean =>
  meta.progressToken !== undefined || method === 'subscriptions/listen';

/**
 * The JSON-RPC response to one request.
 * @throws HttpError where the era gives the error an HTTP
 * status
 */
const responseTo = async (context: RequestContext): Promise<Json> => {
  const { traceparent } = context.meta;
  // "OpenTelemetry trace context": whoever takes it looks whether it is one.
  if (typeof traceparent === 'string') context.request.correlate(traceparent);
  try {
    const result = await context.trail(context, () => methodOf(context)(context));
    return resultMessage(context.id, result);
  } catch (error) {
    if (context.era === 'modern' && hasOwnStatus(error)) throw error;
    return inBand(error, context);
  }
};

/**
 * 2026-07-28 gives these a status. All other errors stand in a response of status 200, as do all errors of
 * older requests: their clients take another status for a broken transport and never read the
 * error.
 */
const hasOwnStatus = (error: unknown): boolean =>
  error instanceof UnknownMcpMethod ||
  error instanceof HeaderMismatch ||
  error instanceof MissingClientCapability ||
  error instanceof InsufficientScope ||
  error instanceof NotAcceptable;

/**
 * An error inside a response of status 200, written as the stack writes those with a status of their own
 * (ERR-2).
 */
const inBand = (error: unknown, context: RequestContext): Json => {
  const { request, method, id } = context;
  const httpError = error instanceof HttpError ? error : new Unexpected({ cause: error });
  if (httpError instanceof Unexpected)
    request.logger.error('A request failed', { mcpMethod: method, cause: error });
  report(httpError, context, context);
  httpError.rpcId = id;
  return renderError(httpError, 'jsonrpc', request.requestId).body;
};

// LOG-4: the stack reports what is thrown to it; what becomes a response here is reported here.
const report = (
  { event, code, detail, about }: HttpError,
  { method }: Message,
  { request }: HttpContext,
): void => {
  if (event !== undefined)
    request.securityEvent(event, {
      code,
      mcpMethod: method,
      ...about,
      ...(detail !== undefined && { detail }),
    });
};
