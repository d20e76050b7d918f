import * as z from 'zod';
import { listPageBytes } from '../../../policy/mcp-methods.ts';
import type { ContentAnnotations } from '../authoring/content.ts';
import type { Prompt } from '../authoring/define-prompt.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import type { ServerDefinition } from '../authoring/define-server.ts';
import type { Tool, ToolAnnotations } from '../authoring/define-tool.ts';
import { type Presentation, presented } from '../authoring/presentation.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import gatehouse from '../default-server/server.ts';
import type { Definitions } from './definitions.ts';
import { type JsonSchema, objectSchema } from './object-schema.ts';
import { type ParamHeader, paramHeadersOf } from './param-headers.ts';

interface Listed extends Presentation {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

interface ListedTool extends Listed {
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  /** With the title once more: a client of 2025-03-26 looks for it here. */
  readonly annotations: ToolAnnotations & { readonly title: string };
}

interface ListedPrompt extends Listed {
  readonly arguments: readonly {
    readonly name: string;
    readonly title?: string;
    readonly description?: string;
    readonly required: boolean;
  }[];
}

interface ListedResource extends Listed {
  readonly uri: string;
  readonly mimeType: string;
  readonly annotations?: ContentAnnotations;
  readonly size?: number;
}

interface ListedResourceTemplate extends Omit<ListedResource, 'uri' | 'size'> {
  readonly uriTemplate: string;
}

/**
 * Everything that the list methods return, as plain JSON. The build makes it once and puts it into the
 * bundle: turning zod schemas into JSON Schema at every cold start would cost time that grows with
 * the number of tools.
 */
export interface Catalogue {
  readonly server: Omit<ServerDefinition, 'listPageBytes'>;
  /** The bytes of JSON that one page of a list may have. */
  readonly listPageBytes: number;
  readonly tools: readonly ListedTool[];
  readonly prompts: readonly ListedPrompt[];
  readonly resources: readonly ListedResource[];
  readonly resourceTemplates: readonly ListedResourceTemplate[];
  /** `Mcp-Param-*` headers, by tool. */
  readonly paramHeaders: Readonly<Record<string, readonly ParamHeader[]>>;
}

export const catalogueOf = ({ server, tools, prompts, resources }: Definitions): Catalogue => {
  const {
    kind: _kind,
    listPageBytes: pageBytes = listPageBytes,
    ...presentedServer
  } = server ?? gatehouse;
  const listed = tools.map(listedTool);
  return {
    server: presentedServer,
    listPageBytes: pageBytes,
    tools: listed,
    prompts: prompts.map(listedPrompt),
    resources: resources.flatMap((resource) =>
      resource.kind === 'resource' ? [listedResource(resource)] : [],
    ),
    resourceTemplates: resources.flatMap((resource) =>
      resource.kind === 'resource template' ? [listedTemplate(resource)] : [],
    ),
    paramHeaders: Object.fromEntries(
      listed.flatMap(({ name, inputSchema }) => {
        const headers = paramHeadersOf(inputSchema);
        return headers.length === 0 ? [] : [[name, headers]];
      }),
    ),
  };
};

const listedOf = (definition: Tool | Prompt | Resource | ResourceTemplate): Listed => ({
  name: definition.name,
  title: definition.title,
  description: definition.description,
  ...presented(definition),
});

const listedTool = (tool: Tool): ListedTool => ({
  ...listedOf(tool),
  inputSchema: objectSchema(tool.input, 'input'),
  ...(tool.output !== undefined && { outputSchema: objectSchema(tool.output, 'output') }),
  annotations: { title: tool.title, ...tool.annotations },
});

const listedPrompt = (prompt: Prompt): ListedPrompt => ({
  ...listedOf(prompt),
  arguments: Object.entries(prompt.arguments._zod.def.shape).map(([name, schema]) => {
    const { title, description } = z.globalRegistry.get(schema) ?? {};
    const required = !z.safeParse(schema, undefined).success;
    return {
      name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      required,
    };
  }),
});

const contentOf = (definition: Resource | ResourceTemplate) => ({
  ...listedOf(definition),
  mimeType: definition.mimeType,
  ...(definition.annotations !== undefined && { annotations: definition.annotations }),
});

const listedResource = (resource: Resource): ListedResource => ({
  uri: percentEncoded(resource.uri),
  ...contentOf(resource),
  ...(resource.size !== undefined && { size: resource.size }),
});

const listedTemplate = (template: ResourceTemplate): ListedResourceTemplate => ({
  uriTemplate: template.uriTemplate,
  ...contentOf(template),
});
