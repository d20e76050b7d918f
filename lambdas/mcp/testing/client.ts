import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { protocolVersions } from '../../../policy/mcp-methods.ts';
import { HttpError } from '../../errors/errors.ts';
import { renderError } from '../../errors/render-error.ts';
import type { Caller } from '../../http/caller.ts';
import type { HttpResponse } from '../../http/request.ts';
import type { Prompt } from '../authoring/define-prompt.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import type { Tool } from '../authoring/define-tool.ts';
import type { DefinitionFile } from '../manifest/definition-check.ts';
import { checkedDefinitions } from '../manifest/definition-check.ts';
import { describe } from '../manifest/manifest.ts';
import { dispatcher } from '../protocol/dispatch.ts';
import { testCaller } from './call-context.ts';
import { gatewayRequest } from './gateway-request.ts';
import { McpError } from './mcp-error.ts';
import { requestHeaders } from './request-headers.ts';

// As the deployed function does (serve.ts): the messages that a test reads are what models read.
z.config(en());

/** What the server under test has, and who calls it. */
export interface TestClientOptions {
  readonly tools?: readonly Tool[];
  readonly prompts?: readonly Prompt[];
  readonly resources?: readonly (Resource | ResourceTemplate)[];
  /** @default a developer who holds every scope */
  readonly caller?: Partial<Caller>;
  /** What the client says it can do, such as `{ elicitation: {} }`. @default nothing */
  readonly capabilities?: Readonly<Record<string, object>>;
  /** Hears the progress that a call reports. */
  readonly onProgress?: (progress: Progress) => void;
}

const progress = z.object({
  progress: z.number(),
  total: z.optional(z.number()),
  message: z.optional(z.string()),
});
type Progress = z.infer<typeof progress>;

const toolCallResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string(), text: z.optional(z.string()) })),
  structuredContent: z.optional(z.unknown()),
  isError: z.optional(z.boolean()),
});
export type ToolCallResult = z.infer<typeof toolCallResult>;

const promptResult = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.looseObject({}) })),
});
export type PromptResult = z.infer<typeof promptResult>;

const readResult = z.looseObject({
  contents: z.array(
    z.looseObject({
      uri: z.string(),
      text: z.optional(z.string()),
      blob: z.optional(z.string()),
    }),
  ),
});
export type ReadResult = z.infer<typeof readResult>;

/** Calls the server under test. Every method throws {@link McpError} for an error response. */
export interface TestClient {
  /** A request of protocol version 2026-07-28, and its result. */
  request(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  callTool(name: string, args?: Readonly<Record<string, unknown>>): Promise<ToolCallResult>;
  getPrompt(name: string, args?: Readonly<Record<string, string>>): Promise<PromptResult>;
  readResource(uri: string): Promise<ReadResult>;
}

/**
 * A client of a server with these definitions, in this process and without a network: each request
 * takes the way of a deployed one from the body on. Names, scopes, headers, schemas and results are
 * checked as the build and the function check them; tokens and rates are not.
 * @throws DefinitionError for definitions that the build would refuse
 */
export const connect = (options: TestClientOptions): TestClient => {
  const { tools = [], prompts = [], resources = [], capabilities = {} } = options;
  // The stack's own scopes are not known here: what the definitions ask for is taken as there.
  const scopes = [...tools, ...prompts, ...resources].flatMap((definition) => definition.scopes);
  const files = {
    tools: tools.map(asFile),
    prompts: prompts.map(asFile),
    resources: resources.map(asFile),
  };
  const definitions = checkedDefinitions(files, scopes);
  const { catalogue, access } = describe(definitions);
  const dispatch = dispatcher(definitions, catalogue, access, { hashKey: 'test' });
  const held = [...new Set([...testCaller.scopes, ...scopes])];
  const caller: Caller = { ...testCaller, scopes: held, ...options.caller };
  let id = 0;

  const request: TestClient['request'] = async (method, params = {}) => {
    id += 1;
    const name = String(params['name']);
    const _meta = { ...metaOf(capabilities), ...(options.onProgress && { progressToken: id }) };
    const message = { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
    const paramHeaders = catalogue.paramHeaders[name] ?? [];
    const headers = requestHeaders(method, params, paramHeaders, version);
    const response = await dispatch(gatewayRequest(message, headers, caller)).catch(asResponse);
    return resultIn(response.statusCode, await messagesOf(response), options.onProgress);
  };

  return {
    request,
    callTool: async (name, args = {}) =>
      z.parse(toolCallResult, await request('tools/call', { name, arguments: args })),
    getPrompt: async (name, args = {}) =>
      z.parse(promptResult, await request('prompts/get', { name, arguments: args })),
    readResource: async (uri) => z.parse(readResult, await request('resources/read', { uri })),
  };
};

const [version] = protocolVersions.modern;

const metaOf = (capabilities: Readonly<Record<string, object>>) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse/testing', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});

/** Named as a file of its own would be: messages of the check begin with it. */
const asFile = (definition: Tool | Prompt | Resource | ResourceTemplate): DefinitionFile => [
  definition.name,
  { default: definition },
];

/** As the security stack writes an error that has an HTTP status of its own. */
const asResponse = (error: unknown): HttpResponse => {
  if (error instanceof HttpError) return renderError(error, 'jsonrpc', 'test-request');
  throw error;
};

/** One message, or those of an event stream. */
const messagesOf = async ({ headers = {}, body }: HttpResponse): Promise<unknown[]> => {
  let text = '';
  if (typeof body === 'string') text = body;
  else for await (const chunk of body) text += String(chunk);
  if (headers['content-type'] !== 'text/event-stream') return [JSON.parse(text)];
  return Array.from(text.matchAll(/^data: (.*)$/gm), ([, data = '']) => JSON.parse(data));
};

const rpcMessage = z.object({
  method: z.optional(z.string()),
  params: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  error: z.optional(
    z.object({ code: z.number(), message: z.string(), data: z.optional(z.unknown()) }),
  ),
});

const resultIn = (
  status: number,
  messages: readonly unknown[],
  onProgress: TestClientOptions['onProgress'],
): unknown => {
  for (const message of messages) {
    const { method, params, result, error } = z.parse(rpcMessage, message);
    if (error) throw new McpError(error.message, status, error.code, error.data);
    if (result !== undefined) return result;
    if (method === 'notifications/progress') onProgress?.(z.parse(progress, params));
  }
  throw new McpError('The server sent no response', status, 0, undefined);
};
