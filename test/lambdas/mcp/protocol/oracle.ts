import {
  createMcpHandler,
  inputRequired,
  McpServer,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { ResourceBody } from '../../../../lambdas/mcp/authoring/define-resource.ts';
import { InvalidArguments } from '../../../../lambdas/mcp/authoring/define-tool.ts';
import { InputRequired } from '../../../../lambdas/mcp/authoring/input-required.ts';
import { presented } from '../../../../lambdas/mcp/authoring/presentation.ts';
import ownServer from '../../../../lambdas/mcp/default-server/server.ts';
import type { Definitions } from '../../../../lambdas/mcp/manifest/definitions.ts';
import { callContext } from '../../../../lambdas/mcp/testing/call-context.ts';
import { listCaching } from '../../../../policy/mcp-methods.ts';

const cacheable = [
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'server/discover',
] as const;

/** What the SDK hands to a handler, as far as it is used. */
interface Asked {
  readonly mcpReq: {
    readonly inputResponses?: Record<string, unknown>;
    requestState(): string | undefined;
  };
}

const contextOf = ({ mcpReq }: Asked) =>
  callContext({ inputResponses: mcpReq.inputResponses ?? {}, requestState: mcpReq.requestState() });

const { instructions = '', name, title, version } = ownServer;

/**
 * The official SDK's server over the same definitions: what a differential test asks beside ours.
 */
export const oracleOf = ({ tools, prompts, resources }: Definitions) => {
  const server = () => {
    const mcp = new McpServer(
      { name, title, version },
      {
        instructions,
        capabilities: {
          tools: { listChanged: false },
          prompts: { listChanged: false },
          resources: { listChanged: false },
          completions: {},
        },
        cacheHints: Object.fromEntries(cacheable.map((method) => [method, listCaching])),
      },
    );
    for (const tool of tools) {
      mcp.registerTool(
        tool.name,
        {
          title: tool.title,
          description: tool.description,
          inputSchema: tool.input as never,
          ...(tool.output && { outputSchema: tool.output as never }),
          annotations: { title: tool.title, ...tool.annotations },
          ...(presented(tool) as object),
        },
        (async (given: unknown, context: Asked) => {
          const result = await tool.call(given, contextOf(context));
          if (result instanceof InvalidArguments) throw new Error('validated twice, differently');
          return result instanceof InputRequired ? inputRequired(result as never) : result;
        }) as never,
      );
    }
    for (const prompt of prompts) {
      mcp.registerPrompt(
        prompt.name,
        {
          title: prompt.title,
          description: prompt.description,
          argsSchema: prompt.arguments as never,
          ...(presented(prompt) as object),
        },
        (async (given: unknown, context: Asked) => {
          const messages = await prompt.get(given, contextOf(context));
          return messages instanceof InputRequired
            ? inputRequired(messages as never)
            : { description: prompt.description, messages };
        }) as never,
      );
    }
    for (const resource of resources) {
      const { name, title, description, mimeType, annotations } = resource;
      const listed = {
        title,
        description,
        mimeType,
        ...presented(resource),
        ...(annotations && { annotations }),
      } as never;
      const contents = (uri: string, body: ResourceBody | undefined): never => {
        if (body === undefined) throw new Error('not found');
        if (body instanceof InputRequired) return inputRequired(body as never) as never;
        return {
          contents: [
            {
              uri,
              mimeType,
              ...(typeof body === 'string'
                ? { text: body }
                : { blob: Buffer.from(body).toString('base64') }),
            },
          ],
        } as never;
      };
      if (resource.kind === 'resource') {
        const size = resource.size === undefined ? {} : { size: resource.size };
        mcp.registerResource(
          name,
          resource.uri,
          { ...(listed as object), ...size },
          async (_uri, context) =>
            contents(resource.uri, await resource.read(contextOf(context as never))),
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
          listed,
          async (uri, _variables, context) =>
            contents(uri.href, await resource.read(uri.href, contextOf(context as never))),
        );
      }
    }
    return mcp;
  };
  return createMcpHandler(server, { keepAliveMs: 0 });
};
