import { createMcpHandler, inputRequired, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { InvalidArguments } from '../../../../lambdas/mcp/define-tool.ts';
import type { Definitions } from '../../../../lambdas/mcp/definitions.ts';
import { InputRequired } from '../../../../lambdas/mcp/input-required.ts';
import { instructions, serverInfo } from '../../../../lambdas/mcp/server-info.ts';
import { listCaching } from '../../../../policy/mcp-methods.ts';
import { callContext } from '../tools/call-context.ts';

const cacheable = [
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'server/discover',
] as const;

/** The official SDK's server over the same definitions: what a differential test asks beside ours. */
export const oracleOf = ({ tools, prompts, resources }: Definitions) => {
  const server = () => {
    const mcp = new McpServer(serverInfo, {
      instructions,
      capabilities: { tools: { listChanged: false }, prompts: { listChanged: false }, resources: { listChanged: false }, completions: {} },
      cacheHints: Object.fromEntries(cacheable.map((method) => [method, listCaching])),
    });
    for (const tool of tools) {
      mcp.registerTool(
        tool.name,
        {
          title: tool.title,
          description: tool.description,
          inputSchema: tool.input as never,
          ...(tool.output && { outputSchema: tool.output as never }),
          annotations: tool.annotations,
        },
        (async (
          given: unknown,
          { mcpReq }: { mcpReq: { inputResponses?: Record<string, unknown>; requestState(): string | undefined } },
        ) => {
          const result = await tool.call(
            given,
            callContext({ inputResponses: mcpReq.inputResponses ?? {}, requestState: mcpReq.requestState() }),
          );
          if (result instanceof InvalidArguments) throw new Error('validated twice, differently');
          return result instanceof InputRequired ? inputRequired(result as never) : result;
        }) as never,
      );
    }
    for (const prompt of prompts) {
      mcp.registerPrompt(
        prompt.name,
        { title: prompt.title, description: prompt.description, argsSchema: prompt.arguments as never },
        (async (given: unknown) => ({ description: prompt.description, messages: await prompt.get(given, callContext()) })) as never,
      );
    }
    for (const resource of resources) {
      const { name, title, description, mimeType } = resource;
      const contents = (uri: string, body: string | Uint8Array | undefined) => {
        if (body === undefined) throw new Error('not found');
        return {
          contents: [{ uri, mimeType, ...(typeof body === 'string' ? { text: body } : { blob: Buffer.from(body).toString('base64') }) }],
        };
      };
      if (resource.kind === 'resource') {
        mcp.registerResource(name, resource.uri, { title, description, mimeType }, async () =>
          contents(resource.uri, await resource.read(callContext())),
        );
      } else {
        mcp.registerResource(
          name,
          new ResourceTemplate(resource.uriTemplate, {
            list: undefined,
            complete: Object.fromEntries(
              Object.entries(resource.complete).map(([variable, complete]) => [
                variable,
                async (value: string, context?: { arguments?: Record<string, string> }) => [
                  ...((await complete?.(value, context?.arguments ?? {})) ?? []),
                ],
              ]),
            ),
          }),
          { title, description, mimeType },
          async (uri) => contents(uri.href, await resource.read(uri.href, callContext())),
        );
      }
    }
    return mcp;
  };
  return createMcpHandler(server, { keepAliveMs: 0 });
};
