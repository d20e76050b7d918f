import * as z from 'zod/mini';
import { baseScope } from '../../../policy/scopes.ts';
import type { Caller } from '../../access-token/caller.ts';
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
import { acceptedTypes } from '../../http/accept.ts';
import type { Answer, SecuredRequest } from '../../middleware/request.ts';
import type { Call } from '../call.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Definitions } from '../definitions.ts';
import { ToolError } from '../tool-error.ts';
import { type Spoken, spoken } from './era.ts';
import { runningKey } from './input-round.ts';
import { type Message, parseBatch, parseMessage, type RequestId } from './message.ts';
import { messageStream } from './message-stream.ts';
import { methodNamed, requireAllowed } from './methods.ts';
import { type Offer, offerOf } from './offer.ts';
import { accepted, errorMessage, type Json, jsonAnswer, resultMessage } from './response.ts';
import { requireScopes, type Turn } from './turn.ts';

/** What all messages of one HTTP request share. */
interface Exchange {
  readonly request: SecuredRequest;
  readonly caller: Caller;
  readonly offer: Offer;
  readonly running: Map<string, Call>;
  readonly takesStream: boolean;
}

/**
 * Serves requests to the MCP endpoint: both eras, one set of definitions, no state but the calls under way.
 * @throws Refusal for what has an HTTP status of its own; the stack renders it
 */
export const dispatcher = (definitions: Definitions, catalogue: Catalogue): ((request: SecuredRequest) => Promise<Answer>) => {
  const offer = offerOf(definitions, catalogue);
  const running = new Map<string, Call>();
  return async (request) => {
    if (request.method !== 'POST') throw new MethodNotAllowed({ headers: { allow: 'POST' } });
    if (request.caller === undefined) throw new MissingToken();
    requireScopes([baseScope], { caller: request.caller });
    const takesStream = acceptedTypes(request.headers['accept']).eventStream;
    const exchange = { request, caller: request.caller, offer, running, takesStream };
    return Array.isArray(request.json) ? answerBatch(request.json, exchange) : answerOne(parseMessage(request.json), exchange);
  };
};

const answerOne = async (message: Message, exchange: Exchange): Promise<Answer> => {
  const { id } = message;
  try {
    const how = spoken(message, exchange.request.headers);
    if (id === undefined) {
      notified(message, how, exchange);
      return accepted;
    }
    if (!exchange.takesStream) return jsonAnswer(await responseTo(message, id, how, exchange));
    const stream = messageStream(
      () => cancel(id, exchange),
      (error) => inBand(error, message, id, exchange),
    );
    return await stream.answer(responseTo(message, id, how, exchange, maySend(message) ? stream.send : undefined));
  } catch (error) {
    if (error instanceof Refusal) error.rpcId ??= id ?? null;
    throw error;
  }
};

const answerBatch = async (elements: readonly unknown[], exchange: Exchange): Promise<Answer> => {
  const messages = parseBatch(elements, exchange.request.headers['mcp-protocol-version']);
  const how: Spoken = { era: 'legacy', version: '2025-03-26' };
  const responses = await Promise.all(
    messages.map(async (message) => {
      if (message.id !== undefined) return responseTo(message, message.id, how, exchange);
      try {
        notified(message, how, exchange);
      } catch (error) {
        // A notification has no answer of its own to be refused in.
        if (error instanceof Refusal) reportInBand(error, message, exchange);
      }
      return undefined;
    }),
  );
  const answered = responses.filter((response) => response !== undefined);
  return answered.length === 0 ? accepted : jsonAnswer(`[${answered.join(',')}]`);
};

/** What has no progress to report sends nothing before its response. */
const maySend = ({ method, params: { _meta: meta } }: Message): boolean =>
  meta?.['progressToken'] !== undefined || method === 'subscriptions/listen';

/** The JSON-RPC response to one request. @throws Refusal where the era gives the refusal an HTTP status */
const responseTo = async (message: Message, id: RequestId, how: Spoken, exchange: Exchange, send?: Turn['send']): Promise<Json> => {
  const { request, offer } = exchange;
  correlate(message, request);
  try {
    requireAllowed(message.method, how.era);
    const turn: Turn = { ...exchange, ...how, id, params: message.params, send };
    return resultMessage(id, await methodNamed(message.method, offer)(turn));
  } catch (error) {
    if (how.era === 'modern' && hasOwnStatus(error)) throw error;
    return inBand(error, message, id, exchange);
  }
};

const inBand = (error: unknown, message: Message, id: RequestId, exchange: Exchange): Json => {
  const refusal = error instanceof Refusal ? error : new Unexpected({ cause: error });
  if (refusal instanceof Unexpected) exchange.request.logger.error('A request failed', { mcpMethod: message.method, cause: error });
  reportInBand(refusal, message, exchange);
  return errorMessage(id, refusal, exchange.request.requestId);
};

/**
 * 2026-07-28 gives these a status. All other errors stand in a 200 answer, as do all errors of older requests: their clients
 * take another status for a broken transport and never read the error.
 */
const hasOwnStatus = (error: unknown): boolean =>
  error instanceof UnknownMcpMethod ||
  error instanceof HeaderMismatch ||
  error instanceof MissingClientCapability ||
  error instanceof InsufficientScope ||
  error instanceof NotAcceptable;

// LOG-4: the stack reports what is thrown to it; what we answer ourselves, we report.
const reportInBand = ({ event, code, detail }: Refusal, { method }: Message, { request }: Exchange): void => {
  if (event !== undefined) request.securityEvent(event, { code, mcpMethod: method, ...(detail !== undefined && { detail }) });
};

/** @throws UnknownMcpMethod */
const notified = (message: Message, how: Spoken, exchange: Exchange): void => {
  requireAllowed(message.method, how.era);
  if (message.method !== 'notifications/cancelled') return;
  const { requestId } = cancelled.safeParse(message.params).data ?? {};
  if (requestId !== undefined) cancel(requestId, exchange);
};

const cancelled = z.object({ requestId: z.union([z.string(), z.number()]) });

/** Reaches a call only in the process that runs it; elsewhere the call finishes, and its result is not wanted any more. */
const cancel = (id: RequestId, { running, caller }: Exchange): void => {
  running.get(runningKey(caller.sub, id))?.abort(new ToolError('The caller cancelled this call.'));
};

/** "OpenTelemetry trace context": whoever takes it looks whether it is one. */
const correlate = ({ params: { _meta: meta } }: Message, request: SecuredRequest): void => {
  const traceparent = meta?.['traceparent'];
  if (typeof traceparent === 'string') request.correlate(traceparent);
};
