import { defineTool, ToolError } from 'gatehouse/definitions';
import { ConditionFailed } from 'gatehouse/table';
import * as z from 'zod/mini';
import { orderKey, orders } from '../orders.ts';

export default defineTool({
  name: 'cancel_order',
  title: 'Cancel an order',
  description: 'Cancels one of your orders that was not shipped yet.',
  input: z.object({
    order: z.string().check(z.regex(/^[0-9]{1,12}$/), z.describe('The number of the order')),
  }),
  output: z.object({ cancelled: z.literal(true) }),
  // It changes something, so reading alone is not enough.
  scopes: ['gatehouse/tools.call'],
  annotations: {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  },
  handler: async ({ order: number }, { caller }) => {
    const refuse = (error: unknown): never => {
      throw error instanceof ConditionFailed
        ? new ToolError(`Order ${number} is none of yours, or not open any more.`)
        : error;
    };
    await orders()
      .update({
        pk: orderKey(caller.sub, number),
        update: 'SET #status = :cancelled',
        condition: '#status = :open',
        names: { '#status': 'status' },
        values: { ':cancelled': 'cancelled', ':open': 'open' },
      })
      .catch(refuse);
    return { cancelled: true as const };
  },
});
