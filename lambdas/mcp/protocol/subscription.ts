import * as z from 'zod/mini';
import { NotAcceptable } from '../../errors/errors.ts';
import type { Answer } from '../../middleware/request.ts';
import { serverInfo } from '../server-info.ts';
import { event, eventStreamHeaders, notificationMessage, resultMessage, serverInfoKey } from './response.ts';
import { parametersOf, type Turn } from './turn.ts';

const parameters = z.object({
  notifications: z.object({
    toolsListChanged: z.optional(z.boolean()),
    promptsListChanged: z.optional(z.boolean()),
    resourcesListChanged: z.optional(z.boolean()),
    resourceSubscriptions: z.optional(z.array(z.string())),
  }),
});

/**
 * `subscriptions/listen` is answered at once: nothing that one can subscribe to changes while a function lives, so none of it
 * is acknowledged, and the subscription ends gracefully (2026-07-28 "Subscriptions"). Waiting would only cost.
 */
export const listen = (turn: Turn, takesStream: boolean): Answer => {
  parametersOf(parameters, turn);
  if (!takesStream) throw new NotAcceptable({ message: 'subscriptions/listen answers with text/event-stream.' });
  const meta = { 'io.modelcontextprotocol/subscriptionId': turn.id };
  const acknowledged = notificationMessage('notifications/subscriptions/acknowledged', { notifications: {}, _meta: meta });
  const ended = resultMessage(turn.id, JSON.stringify({ resultType: 'complete', _meta: { ...meta, [serverInfoKey]: serverInfo } }));
  return { statusCode: 200, headers: eventStreamHeaders, body: event(acknowledged) + event(ended) };
};
