import * as z from 'zod';
import { UserError } from '../lib/user-error.ts';
import { type Login, loginOf } from './openapi-login.ts';
import {
  credentialSource,
  memberSource,
  type Parameters,
  parametersOf,
  sendingSource,
} from './openapi-parameter.ts';
import { zodSource } from './openapi-schema.ts';

/** https://spec.openapis.org/oas/v3.1.0#operation-object, as far as a tool needs it. */
const operation = z.object({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.array(z.unknown()).default([]),
  security: z.unknown().optional(),
  requestBody: z
    .looseObject({
      required: z.boolean().default(false),
      content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })),
    })
    .optional(),
});

/** One operation of a document, resolved. */
export interface Operation
  extends Omit<z.infer<typeof operation>, 'parameters' | 'security'>,
    Omit<Login, 'leftOut'> {
  readonly method: string;
  readonly path: string;
  readonly parameters: Parameters['taken'];
  /** What a person has to write, if anything, by name. */
  readonly leftOut: readonly string[];
}

/**
 * @param schemes the document's, resolved
 * @throws UserError for what a person has to write
 */
export const parseOperation = (
  method: string,
  path: string,
  given: unknown,
  schemes: Readonly<Record<string, unknown>> = {},
): Operation => {
  const parsed = operation.parse(given);
  const login = loginOf(parsed.security, schemes);
  const { taken, leftOut } = parametersOf(parsed.parameters, login.credentials);
  return {
    ...parsed,
    method,
    path,
    parameters: taken,
    credentials: login.credentials,
    leftOut: [...leftOut, ...login.leftOut],
  };
};

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
  const { method, path, summary, description, parameters, credentials } = operation;
  const body = bodyOf(operation);
  if (body !== undefined && parameters.some((each) => each.name === 'body'))
    throw new UserError('a parameter is called body, as the body is');
  const members = [
    ...parameters.map((each) => `    ${text(each.name)}: ${memberSource(each)},`),
    ...(body === undefined ? [] : [`    body: ${body},`]),
  ];
  const isRead = method === 'get' || method === 'head';
  const sending = [
    ...parameters.filter((each) => each.in !== 'path').map(sendingSource),
    ...credentials.map(credentialSource),
  ];
  const headers = body === undefined ? '' : `{ 'content-type': 'application/json' }`;
  const hasHeaders = body !== undefined || sending.some((line) => !/url\.searchParams/.test(line));
  const hasCookies = sending.some((line) => line.includes('cookies.push'));
  return [
    `import { defineTool, ToolError } from 'gatehouse/definitions';`,
    ...(credentials.length > 0 ? [`import { secret } from 'gatehouse/secrets';`] : []),
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
    ...(hasHeaders ? [`    const headers = new Headers(${headers});`] : []),
    ...(hasCookies ? ['    const cookies: string[] = [];'] : []),
    ...sending.map((line) => `    ${line}`),
    ...(hasCookies ? [`    headers.set('cookie', cookies.join('; '));`] : []),
    '    const response = await fetch(url, {',
    `      method: ${text(method.toUpperCase())},`,
    `      redirect: 'error',`,
    '      signal,',
    ...(hasHeaders ? ['      headers,'] : []),
    ...(body === undefined ? [] : ['      body: JSON.stringify(input.body),']),
    '    });',
    '    if (!response.ok) throw new ToolError(`The service answered ${response.status}.`);',
    '    return await response.text();',
    '  },',
    '});',
    '',
  ].join('\n');
};

/** Only JSON is written; what else an operation may be sent is left out, and refused if it must. */
const bodyOf = ({ requestBody }: Operation): string | undefined => {
  if (requestBody === undefined) return undefined;
  const { content, required } = requestBody;
  const json = content['application/json'];
  if (json !== undefined)
    return required ? zodSource(json.schema) : `z.optional(${zodSource(json.schema)})`;
  throw new UserError(`a body of ${Object.keys(content).join(', ')} has to be written by hand`);
};

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
