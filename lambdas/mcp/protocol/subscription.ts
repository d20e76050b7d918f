import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { NotAcceptable } from '../../errors/errors.ts';
import { list, text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import { type Method, parseParameters } from './request-context.ts';
import { completed, notificationMessage } from './response.ts';

const parameters = whenNeeded(() =>
  z.object({
    notifications: z.object({
      toolsListChanged: z.nullish(z.boolean()),
      promptsListChanged: z.nullish(z.boolean()),
      resourcesListChanged: z.nullish(z.boolean()),
      resourceSubscriptions: z.nullish(list(text(sizes.uriCharacters), sizes.listEntries)),
    }),
  }),
);

/**
 * `subscriptions/listen` ends at once: nothing that one can subscribe to changes while a
 * function lives, so none of it is acknowledged, and the subscription ends gracefully (2026-07-28
 * "Subscriptions"). Waiting would only cost.
 */
export const listen: Method = (context) => {
  parseParameters(parameters(), context);
  if (context.send === undefined)
    throw new NotAcceptable({ message: 'subscriptions/listen answers with text/event-stream.' });
  const meta = { 'io.modelcontextprotocol/subscriptionId': context.id };
  context.send(
    notificationMessage('notifications/subscriptions/acknowledged', {
      notifications: {},
      _meta: meta,
    }),
  );
  return completed({ _meta: meta }, context);
};
