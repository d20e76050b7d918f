import * as z from 'zod';
import { defineTool } from '../../../../lambdas/mcp/authoring/define-tool.ts';

const address = z
  .looseObject({ street: z.string().optional(), city: z.string().optional() })
  .meta({ id: 'address', $anchor: 'addressDef' });

// What zod has no word for stands in `meta` and reaches the schema as it is; the handler's own
// checks have to match it.
const either = {
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
};

export default defineTool({
  name: 'json_schema_2020_12_tool',
  title: 'json_schema_2020_12_tool',
  description: 'Has a schema with definitions, compositions and conditions.',
  input: z
    .strictObject({
      name: z.string().optional(),
      address: address.optional(),
      contactMethod: z.enum(['phone', 'email']).optional(),
      phone: z.string().optional(),
      email: z.string().optional(),
    })
    .meta(either),
  scopes: [],
  annotations: {},
  handler: (input) => JSON.stringify(input),
});
