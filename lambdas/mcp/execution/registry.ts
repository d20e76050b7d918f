import type { Prompt } from '../authoring/define-prompt.ts';
import type { Resource, ResourceTemplate } from '../authoring/define-resource.ts';
import type { Tool } from '../authoring/define-tool.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { type AccessTable, groupsIn } from '../manifest/access.ts';
import type { Catalogue } from '../manifest/catalogue.ts';
import type { Definitions } from '../manifest/definitions.ts';
import type { ParamHeader } from '../manifest/param-headers.ts';

/**
 * All definitions of the server, ready to be looked up: a call costs the same with ten tools and with
 * a thousand.
 */
export interface Registry {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly prompts: ReadonlyMap<string, Prompt>;
  /** By percent-encoded URI. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly templates: ReadonlyMap<string, ResourceTemplate>;
  readonly paramHeaders: ReadonlyMap<string, readonly ParamHeader[]>;
  readonly access: AccessTable;
  /** Groups that may use something that others may not. */
  readonly decidingGroups: ReadonlySet<string>;
  /** By the groups that decide, as far as somebody has asked. */
  readonly capabilities: Map<string, Readonly<Record<string, object>>>;
  /** How each result of 2026-07-28 names the server; icons and the like would only weigh there. */
  readonly serverName: Pick<Catalogue['server'], 'name' | 'title' | 'version'>;
  /** What the list methods return, and their pages as far as they were written. */
  readonly catalogue: Catalogue;
  readonly pages: Map<string, string>;
}

export const createRegistry = (
  { tools, prompts, resources }: Definitions,
  catalogue: Catalogue,
  access: AccessTable,
): Registry => {
  const fixed = resources.filter((resource) => resource.kind === 'resource');
  const templates = resources.filter((resource) => resource.kind === 'resource template');
  return {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    prompts: new Map(prompts.map((prompt) => [prompt.name, prompt])),
    resources: new Map(fixed.map((resource) => [percentEncoded(resource.uri), resource])),
    templates: new Map(templates.map((template) => [template.uriTemplate, template])),
    paramHeaders: new Map(Object.entries(catalogue.paramHeaders)),
    access,
    decidingGroups: groupsIn(access),
    capabilities: new Map(),
    serverName: {
      name: catalogue.server.name,
      title: catalogue.server.title,
      version: catalogue.server.version,
    },
    catalogue,
    pages: new Map(),
  };
};
