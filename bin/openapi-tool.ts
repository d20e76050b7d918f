import * as z from 'zod';
import { zodSource } from './openapi-schema.ts';

/** https://spec.openapis.org/oas/v3.1.0#operation-object, as far as a tool needs it. */
const parameter = z.looseObject({
  name: z.string().regex(/^[A-Za-z_][\w-]{0,63}$/),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: z.unknown().optional(),
});
export type Parameter = z.infer<typeof parameter>;

const operation = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.array(parameter).default([]),
  requestBody: z
    .looseObject({
      required: z.boolean().default(false),
      content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })),
    })
    .optional(),
});

/** One operation of a document, resolved. */
export interface Operation extends z.infer<typeof operation> {
  readonly method: string;
  readonly path: string;
}

export const parseOperation = (method: string, path: string, given: unknown): Operation => ({
  ...operation.parse(given),
  method,
  path,
});

/** `getOrderById` and `GET /orders/{id}` become `get_order_by_id` and `get_orders_id`. */
export const toolNameOf = ({ operationId, method, path }: Operation): string =>
  (operationId ?? `${method} ${path}`)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join('_')
    .slice(0, 64)
    .replace(/_$/, '');

/** Everything from the document stands in the source as a JSON text: no code can come of it. */
const text = (value: string): string => JSON.stringify(value);

/** @throws UserError for what a person has to write */
export const operationSource = (name: string, server: string, operation: Operation): string => {
  const { method, path, summary, description, parameters, requestBody } = operation;
  const sent = parameters.filter((each) => each.in === 'path' || each.in === 'query');
  const body = requestBody?.content['application/json']?.schema;
  const members = [
    ...sent.map((each) => `    ${text(each.name)}: ${memberSource(each)},`),
    ...(body === undefined ? [] : [`    body: ${bodySource(body, requestBody?.required)},`]),
  ];
  const isRead = method === 'get' || method === 'head';
  return [
    `import { defineTool, ToolError } from 'gatehouse/definitions';`,
    `import * as z from 'zod/mini';`,
    '',
    'export default defineTool({',
    `  name: ${text(name)},`,
    `  title: ${text(summary ?? name.split('_').join(' '))},`,
    `  description: ${text(description ?? summary ?? `${method.toUpperCase()} ${path}`)},`,
    '  input: z.object({',
    ...members,
    '  }),',
    `  scopes: [${isRead ? '' : `'gatehouse/tools.call'`}],`,
    `  annotations: { readOnlyHint: ${isRead}, openWorldHint: true },`,
    '  handler: async (input, { signal }) => {',
    `    const url = new URL(${urlSource(server, path)});`,
    ...sent.filter((each) => each.in === 'query').map(querySource),
    '    const response = await fetch(url, {',
    `      method: ${text(method.toUpperCase())},`,
    `      redirect: 'error',`,
    '      signal,',
    ...(body === undefined
      ? []
      : [
          `      headers: { 'content-type': 'application/json' },`,
          '      body: JSON.stringify(input.body),',
        ]),
    '    });',
    '    if (!response.ok) throw new ToolError(`The service answered ${response.status}.`);',
    '    return await response.text();',
    '  },',
    '});',
    '',
  ].join('\n');
};

/** A segment of dots would lead to another path than the document's. */
const noDots = 'z.refine((value) => !/^\\.+$/.test(String(value)))';

const memberSource = ({ in: place, required, schema, description }: Parameter): string => {
  if (place === 'path') return zodSource(schema, { description, check: noDots });
  const source = zodSource(schema, { description });
  return required ? source : `z.optional(${source})`;
};

const bodySource = (schema: unknown, required = false): string =>
  required ? zodSource(schema) : `z.optional(${zodSource(schema)})`;

const urlSource = (server: string, path: string): string =>
  `${server.replace(/\/$/, '')}${path}`
    .split(/(\{[^}]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('{')
        ? `encodeURIComponent(String(input[${text(piece.slice(1, -1))}]))`
        : text(piece),
    )
    .join(' + ');

const querySource = ({ name }: Parameter): string =>
  `    if (input[${text(name)}] !== undefined) url.searchParams.set(${text(name)}, String(input[${text(name)}]));`;
