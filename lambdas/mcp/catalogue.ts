import * as z from 'zod';
import type { ContentAnnotations } from './content.ts';
import type { Prompt } from './define-prompt.ts';
import type { Resource, ResourceTemplate } from './define-resource.ts';
import type { Tool, ToolAnnotations } from './define-tool.ts';
import type { Definitions } from './definitions.ts';
import { type ParamHeader, paramHeadersOf } from './param-headers.ts';

/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations: ToolAnnotations;
}

interface ListedPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description?: string; readonly required: boolean }[];
}

interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly annotations?: ContentAnnotations;
}

interface ListedResourceTemplate extends Omit<ListedResource, 'uri'> {
  readonly uriTemplate: string;
}

/**
 * Everything that the lists answer, as plain JSON. The build makes it once and puts it into the bundle: turning zod schemas
 * into JSON Schema at every cold start would cost time that grows with the number of tools.
 */
export interface Catalogue {
  readonly tools: readonly ListedTool[];
  readonly prompts: readonly ListedPrompt[];
  readonly resources: readonly ListedResource[];
  readonly resourceTemplates: readonly ListedResourceTemplate[];
  /** `Mcp-Param-*` headers, by tool. */
  readonly paramHeaders: Readonly<Record<string, readonly ParamHeader[]>>;
}

export const catalogueOf = ({ tools, prompts, resources }: Definitions): Catalogue => {
  const listed = tools.map(listedTool);
  return {
    tools: listed,
    prompts: prompts.map(listedPrompt),
    resources: resources.flatMap((resource) => (resource.kind === 'resource' ? [listedResource(resource)] : [])),
    resourceTemplates: resources.flatMap((resource) => (resource.kind === 'resource template' ? [listedTemplate(resource)] : [])),
    paramHeaders: Object.fromEntries(
      listed.flatMap(({ name, inputSchema }) => {
        const headers = paramHeadersOf(inputSchema);
        return headers.length === 0 ? [] : [[name, headers]];
      }),
    ),
  };
};

const listedTool = ({ name, title, description, input, output, annotations }: Tool): ListedTool => ({
  name,
  title,
  description,
  inputSchema: z.toJSONSchema(input, { io: 'input' }),
  ...(output !== undefined && { outputSchema: z.toJSONSchema(output, { io: 'output' }) }),
  annotations,
});

const listedPrompt = (prompt: Prompt): ListedPrompt => ({
  name: prompt.name,
  title: prompt.title,
  description: prompt.description,
  arguments: Object.entries(prompt.arguments._zod.def.shape).map(([name, schema]) => {
    const description = z.globalRegistry.get(schema)?.description;
    return { name, ...(description !== undefined && { description }), required: !z.safeParse(schema, undefined).success };
  }),
});

const described = ({ name, title, description, mimeType, annotations }: Resource | ResourceTemplate) => ({
  name,
  title,
  description,
  mimeType,
  ...(annotations !== undefined && { annotations }),
});

const listedResource = (resource: Resource): ListedResource => ({ uri: resource.uri, ...described(resource) });

const listedTemplate = (template: ResourceTemplate): ListedResourceTemplate => ({
  uriTemplate: template.uriTemplate,
  ...described(template),
});
