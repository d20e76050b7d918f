import { namedBy, protocolVersions } from '../../policy/mcp-methods.ts';
import { baseScope } from '../../policy/scopes.ts';
import { percentEncoded } from '../mcp/authoring/resource-uri.ts';
import { type AccessTable, audienceOf, mayUse } from '../mcp/manifest/access.ts';
import type { RequiredScopes } from '../mcp/manifest/manifest.ts';
import { decodedHeader } from '../mcp/protocol/mirrored-value.ts';

/** What the build knows of the definitions: what each needs, and who may use it. */
export interface Definitions {
  readonly scopes: RequiredScopes;
  readonly access: AccessTable;
}

const modern: ReadonlySet<string> = new Set(protocolVersions.modern);
const isNamed = (method: string): method is keyof typeof namedBy => Object.hasOwn(namedBy, method);

/**
 * AUTH-8: the scopes that a request to `/mcp` needs, as far as its headers tell. Those of a
 * 2026-07-28 request name the method and the tool, prompt or resource, and the handler refuses a
 * body that says otherwise; those of an older one are not to be trusted, so the handler alone
 * decides there. What nobody has heard of needs nothing more, and so does what is not for this
 * caller (AUTH-12): the handler says of both that they do not exist.
 */
export const requiredScopes = (
  headers: Readonly<Record<string, string>>,
  defined: Definitions,
  groups: readonly string[] | undefined,
): readonly string[] => {
  const method = headers['mcp-method'];
  const name = headers['mcp-name'];
  const version = headers['mcp-protocol-version'];
  if (!version || !modern.has(version) || !method || !name || !isNamed(method)) return [baseScope];
  const decoded = decodedHeader(name);
  const ofName = decoded === undefined ? undefined : scopesOf(method, decoded, defined, groups);
  return [...new Set([baseScope, ...(ofName ?? [])])];
};

const scopesOf = (
  method: keyof typeof namedBy,
  name: string,
  { scopes, access }: Definitions,
  groups: readonly string[] | undefined,
): readonly string[] | undefined => {
  const isFor = (list: keyof AccessTable, key: string) =>
    mayUse(audienceOf(access, list, key), groups);
  switch (method) {
    case 'tools/call':
      return isFor('tools', name) ? own(scopes.tools, name) : undefined;
    case 'prompts/get':
      return isFor('prompts', name) ? own(scopes.prompts, name) : undefined;
    case 'resources/read': {
      const uri = percentEncoded(name);
      // As the handler looks: what is not for the caller does not stand in the way of what is.
      if (isFor('resources', uri)) return own(scopes.resources, uri);
      return scopes.resourceTemplates
        .filter(([, , uriTemplate]) => isFor('resourceTemplates', uriTemplate))
        .find(([pattern]) => new RegExp(pattern).test(uri))?.[1];
    }
  }
};

const own = (scopes: Readonly<Record<string, readonly string[]>>, name: string) =>
  Object.hasOwn(scopes, name) ? scopes[name] : undefined;
