import type { Permission } from '../authoring/permission.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { checkedDefinitions, type DefinitionFiles } from './definition-check.ts';
import type { Definitions } from './definitions.ts';
import { type PublicIdentity, publicIdentity } from './public-identity.ts';

/**
 * What a call needs, by what it names (AUTH-8). The authorizer decides requests of 2026-07-28 by
 * it, from `Mcp-Method` and `Mcp-Name`.
 */
export interface RequiredScopes {
  readonly tools: Readonly<Record<string, readonly string[]>>;
  readonly prompts: Readonly<Record<string, readonly string[]>>;
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /**
   * Resource templates: the source of a regular expression for the URI, and its scopes. A fixed URI
   * of `resources` goes first.
   */
  readonly resourceTemplates: readonly (readonly [pattern: string, scopes: readonly string[]])[];
}

/** Everything that the build learns from the definitions. */
export interface Manifest {
  readonly requiredScopes: RequiredScopes;
  /** `Mcp-Param-*` headers that tools declare, for the CORS list (CORS-4). */
  readonly paramHeaders: readonly string[];
  /** AWS permissions, by tool. */
  readonly grants: readonly (Permission & { readonly tool: string })[];
  /** Everything that lists answer, made once at build time instead of at every cold start. */
  readonly catalogue: Catalogue;
  /** What anybody may know of the server. */
  readonly identity: PublicIdentity;
}

/**
 * Checks the definitions and describes them; throws {@link DefinitionError} naming every file and
 * reason.
 */
export const manifestOf = (files: DefinitionFiles): Manifest => describe(checkedDefinitions(files));

/** The manifest of definitions that are known to be good. */
export const describe = (definitions: Definitions): Manifest => {
  const catalogue = catalogueOf(definitions);
  const { tools, prompts, resources } = definitions;
  return {
    requiredScopes: {
      tools: Object.fromEntries(tools.map((tool) => [tool.name, tool.scopes])),
      prompts: Object.fromEntries(prompts.map((prompt) => [prompt.name, prompt.scopes])),
      resources: Object.fromEntries(
        resources.flatMap((resource) =>
          resource.kind === 'resource' ? [[percentEncoded(resource.uri), resource.scopes]] : [],
        ),
      ),
      resourceTemplates: resources.flatMap((resource) =>
        resource.kind === 'resource template'
          ? [[resource.pattern.source, resource.scopes] as const]
          : [],
      ),
    },
    paramHeaders: [
      ...new Set(
        Object.values(catalogue.paramHeaders).flatMap((headers) =>
          headers.map(({ header }) => header),
        ),
      ),
    ].sort(),
    grants: tools.flatMap((tool) => tool.grants.map((grant) => ({ ...grant, tool: tool.name }))),
    catalogue,
    identity: publicIdentity(catalogue.server),
  };
};
