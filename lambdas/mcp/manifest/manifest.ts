import type { Permission } from '../authoring/permission.ts';
import { percentEncoded } from '../authoring/resource-uri.ts';
import {
  type AccessRow,
  type AccessTable,
  accessRows,
  accessTable,
  type FileNames,
} from './access.ts';
import { type AccessRules, accessUnder, accessWarnings, unusedScopes } from './access-rules.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { checkedDefinitions, type DefinitionFiles } from './definition-check.ts';
import type { Definitions } from './definitions.ts';
import { type PublicIdentity, publicIdentity } from './public-identity.ts';
import { limitsUnder, type ToolLimits } from './tool-limits.ts';

/**
 * What a call needs, by what it names (AUTH-8). The authorizer decides requests of 2026-07-28 by
 * it, from `Mcp-Method` and `Mcp-Name`.
 */
export interface RequiredScopes {
  readonly tools: Readonly<Record<string, readonly string[]>>;
  readonly prompts: Readonly<Record<string, readonly string[]>>;
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /**
   * Resource templates: the source of a regular expression for the URI, its scopes, and the template
   * itself. A fixed URI of `resources` goes first.
   */
  readonly resourceTemplates: readonly (readonly [
    pattern: string,
    scopes: readonly string[],
    uriTemplate: string,
  ])[];
}

/** Everything that the build learns from the definitions. */
export interface Manifest {
  readonly requiredScopes: RequiredScopes;
  /** Who may use what, which the authorizer and the function are given. */
  readonly access: AccessTable;
  /** The same for whoever reviews it. */
  readonly accessRows: readonly AccessRow[];
  /** The tools that have a limit of their own. */
  readonly toolLimits: ToolLimits;
  /** What can be served, and should be thought over: a line each, with file, reason and fix. */
  readonly warnings: readonly string[];
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
 * @param rules what the stack says about them
 */
export const manifestOf = (files: DefinitionFiles, rules: StackRules = {}): Manifest =>
  describe(checkedDefinitions(files, rules.scopes), files, rules);

/** What the stack says about definitions, by their names; it goes before what stands beside them. */
export interface StackRules {
  readonly access?: AccessRules;
  readonly toolLimits?: ToolLimits;
  /** Scopes of one's own, as tools name them. */
  readonly scopes?: readonly string[];
}

const nameless: FileNames = { tools: [], prompts: [], resources: [] };

/**
 * The manifest of definitions that are known to be good.
 * @throws DefinitionError for rules that do not fit them
 */
export const describe = (
  definitions: Definitions,
  files: FileNames = nameless,
  { access = {}, toolLimits = {}, scopes = [] }: StackRules = {},
): Manifest => {
  const catalogue = catalogueOf(definitions);
  const { tools, prompts, resources } = definitions;
  const rows = accessUnder(access, accessRows(definitions, files));
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
          ? [[resource.pattern.source, resource.scopes, resource.uriTemplate] as const]
          : [],
      ),
    },
    access: accessTable(rows),
    accessRows: rows,
    toolLimits: limitsUnder(toolLimits, tools),
    warnings: [...accessWarnings(rows), ...unusedScopes(scopes, rows)],
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
