import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/define-tool.ts';

const address = z.looseObject({ street: z.string().optional(), city: z.string().optional() }).meta({ id: 'address' });

export default defineTool({
  name: 'json_schema_2020_12_tool',
  title: 'json_schema_2020_12_tool',
  description: 'Has a schema with definitions.',
  input: z.strictObject({
    name: z.string().optional(),
    address: address.optional(),
  }),
  scopes: [],
  annotations: {},
  handler: (input) => JSON.stringify(input),
});
