import * as z from 'zod/mini';
import { baseScope } from '../../../policy/scopes.ts';
import {
  HeaderMismatch,
  InsufficientScope,
  MethodNotAllowed,
  MissingClientCapability,
  MissingToken,
  NotAcceptable,
  Refusal,
  Unexpected,
  UnknownMcpMethod,
} from '../../errors/errors.ts';
import { render } from '../../errors/render.ts';
import { acceptedTypes } from '../../http/accept.ts';
import { jsonAnswer, messageStream } from '../../http/message-stream.ts';
import type { Answer, SecuredRequest } from '../../middleware/request.ts';
import type { Call } from '../call.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Definitions } from '../definitions.ts';
import { offerOf } from '../offer.ts';
import { ToolError } from '../tool-error.ts';
import { type Spoken, spoken } from './era.ts';
import { runningKey } from './input-round.ts';
import {
  type Message,
  oldestVersion,
  parseBatch,
  parseMessage,
  type RequestId,
} from './message.ts';
import { methodOf, requireAllowed } from './methods.ts';
import { type Json, resultMessage } from './response.ts';
import { type Exchange, requireScopes, type Turn } from './turn.ts';

/**
 * Serves requests to the MCP endpoint: both eras, one set of definitions, no state but the calls
 * under way.
 * @throws Refusal for what has an HTTP status of its own; the stack renders it
 */
export const dispatcher = (
  definitions: Definitions,
  catalogue: Catalogue,
): ((request: SecuredRequest) => Promise<Answer>) => {
  const offer = offerOf(definitions, catalogue);
  const running = new Map<string, Call>();
  return async (request) => {
    if (request.method !== 'POST') throw new MethodNotAllowed({ headers: { allow: 'POST' } });
    if (request.caller === undefined) throw new MissingToken();
    const exchange = { request, caller: request.caller, offer, running };
    requireScopes([baseScope], exchange);
    const { eventStream } = acceptedTypes(request.headers['accept']);
    return Array.isArray(request.json)
      ? answerBatch(request.json, exchange)
      : answerOne(parseMessage(request.json), exchange, eventStream);
  };
};

const answerOne = async (
  message: Message,
  exchange: Exchange,
  takesStream: boolean,
): Promise<Answer> => {
  const { id } = message;
  try {
    const how = spoken(message, exchange.request.headers);
    if (id === undefined) {
      notified(message, how, exchange);
      return accepted;
    }
    const turn: Turn = { ...exchange, ...how, ...message, id };
    if (!takesStream) return jsonAnswer(await responseTo(turn));
    const stream = messageStream(
      () => cancel(id, exchange),
      (error) => inBand(error, turn),
    );
    return await stream.answer(
      responseTo(maySend(message) ? { ...turn, send: stream.send } : turn),
    );
  } catch (error) {
    if (error instanceof Refusal) error.rpcId ??= id ?? null;
    throw error;
  }
};

const answerBatch = async (elements: readonly unknown[], exchange: Exchange): Promise<Answer> => {
  const messages = parseBatch(elements, exchange.request.headers['mcp-protocol-version']);
  const how: Spoken = { era: 'legacy', version: oldestVersion, clientCapabilities: {} };
  const responses = await Promise.all(
    messages.map(async (message) => {
      if (message.id !== undefined)
        return responseTo({ ...exchange, ...how, ...message, id: message.id });
      try {
        notified(message, how, exchange);
      } catch (error) {
        // A notification has no answer of its own to be refused in.
        if (error instanceof Refusal) report(error, message, exchange);
      }
      return undefined;
    }),
  );
  const answered = responses.filter((response) => response !== undefined);
  return answered.length === 0 ? accepted : jsonAnswer(`[${answered.join(',')}]`);
};

/** Notifications are taken, not answered. */
const accepted: Answer = { statusCode: 202, body: '' };

/**
 * @throws UnknownMcpMethod; what is wrong with a notification's parameters is nobody's to hear of
 * ("Cancellation")
 */
const notified = ({ method, params }: Message, { era }: Spoken, exchange: Exchange): void => {
  requireAllowed(method, era);
  if (method !== 'notifications/cancelled') return;
  const { requestId } = cancelled.safeParse(params).data ?? {};
  if (requestId !== undefined) cancel(requestId, exchange);
};

const cancelled = z.object({ requestId: z.union([z.string(), z.number()]) });

/**
 * Reaches a call only in the process that runs it; elsewhere the call finishes, and its result is
 * not wanted any more.
 */
const cancel = (id: RequestId, { running, caller }: Exchange): void => {
  running.get(runningKey(caller.sub, id))?.abort(new ToolError('The caller cancelled this call.'));
};

/** What has no progress to report sends nothing before its response. */
const maySend = ({ method, meta }: Message): boolean =>
  meta.progressToken !== undefined || method === 'subscriptions/listen';

/**
 * The JSON-RPC response to one request. @throws Refusal where the era gives the refusal an HTTP
 * status
 */
const responseTo = async (turn: Turn): Promise<Json> => {
  const { traceparent } = turn.meta;
  // "OpenTelemetry trace context": whoever takes it looks whether it is one.
  if (typeof traceparent === 'string') turn.request.correlate(traceparent);
  try {
    return resultMessage(turn.id, await methodOf(turn)(turn));
  } catch (error) {
    if (turn.era === 'modern' && hasOwnStatus(error)) throw error;
    return inBand(error, turn);
  }
};

/**
 * 2026-07-28 gives these a status. All other errors stand in a 200 answer, as do all errors of
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
 * An error inside a 200 answer, written as the stack writes those with a status of their own
 * (ERR-2).
 */
const inBand = (error: unknown, turn: Turn): Json => {
  const { request, method, id } = turn;
  const refusal = error instanceof Refusal ? error : new Unexpected({ cause: error });
  if (refusal instanceof Unexpected)
    request.logger.error('A request failed', { mcpMethod: method, cause: error });
  report(refusal, turn, turn);
  refusal.rpcId = id;
  return render(refusal, 'jsonrpc', request.requestId).body;
};

// LOG-4: the stack reports what is thrown to it; what we answer ourselves, we report.
const report = (
  { event, code, detail }: Refusal,
  { method }: Message,
  { request }: Exchange,
): void => {
  if (event !== undefined)
    request.securityEvent(event, {
      code,
      mcpMethod: method,
      ...(detail !== undefined && { detail }),
    });
};
