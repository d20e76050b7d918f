import { listCaching } from '../../../policy/mcp-methods.ts';
import type { Refusal } from '../../errors/errors.ts';
import { render } from '../../errors/render.ts';
import type { Answer } from '../../middleware/request.ts';
import { serverInfo } from '../server-info.ts';
import type { Spoken } from './era.ts';
import type { RequestId } from './message.ts';

/** JSON text. Results travel as text so that lists, which never change, are written once and not for each request. */
export type Json = string;

/** Results of 2026-07-28 say their type and who answered; lists and documents also how long they may be kept. */
export const completed = (result: object, era: Spoken['era'], caching?: 'cacheable'): Json =>
  JSON.stringify(
    era === 'legacy' ? result : { resultType: 'complete', ...result, ...(caching && listCaching), _meta: { [serverInfoKey]: serverInfo } },
  );

export const serverInfoKey = 'io.modelcontextprotocol/serverInfo';

export const resultMessage = (id: RequestId, result: Json): Json => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;

/** An error inside a 200 answer, written as the stack writes those with a status of their own (ERR-2). */
export const errorMessage = (id: RequestId, refusal: Refusal, requestId: string): Json => {
  refusal.rpcId = id;
  return render(refusal, 'jsonrpc', requestId).body;
};

export const notificationMessage = (method: string, params: object): Json => JSON.stringify({ jsonrpc: '2.0', method, params });

export const jsonAnswer = (body: Json): Answer => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body });

/** Notifications are taken, not answered. */
export const accepted: Answer = { statusCode: 202, body: '' };

/** 2026-07-28 "Receiving Messages": proxies would hold events back without the second header. */
export const eventStreamHeaders = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } as const;

export const event = (message: Json): string => `event: message\ndata: ${message}\n\n`;

/** A comment, which parsers of event streams drop (HTML standard, "Server-sent events"): it only shows that somebody is still at work. */
export const keepAlive = ': keep-alive\n\n';
