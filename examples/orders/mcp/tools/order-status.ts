import { defineTool, ToolError } from 'gatehouse/definitions';
import * as z from 'zod/mini';
import { orderKey, orders } from '../orders.ts';

const order = z.object({ status: z.enum(['open', 'shipped', 'cancelled']), total: z.number() });

export default defineTool({
  name: 'order_status',
  title: 'Order status',
  description: 'Where one of your orders stands, and what it costs.',
  input: z.object({
    order: z.string().check(z.regex(/^[0-9]{1,12}$/), z.describe('The number of the order')),
  }),
  output: order,
  scopes: [],
  annotations: { readOnlyHint: true, openWorldHint: false },
  handler: async ({ order: number }, { caller }) => {
    const item = await orders().get(orderKey(caller.sub, number), { consistent: true });
    if (item === undefined) throw new ToolError(`You have no order ${number}.`);
    return order.parse(item);
  },
});
