import { namedBy, protocolVersions } from '../../policy/mcp-methods.ts';
import { baseScope } from '../../policy/scopes.ts';
import { percentEncoded } from '../mcp/authoring/resource-uri.ts';
import type { RequiredScopes } from '../mcp/manifest/manifest.ts';
import { decodedHeader } from '../mcp/protocol/mirrored-value.ts';

const modern: ReadonlySet<string> = new Set(protocolVersions.modern);
const isNamed = (method: string): method is keyof typeof namedBy => Object.hasOwn(namedBy, method);

/**
 * AUTH-8: the scopes that a request to `/mcp` needs, as far as its headers tell. Those of a
 * 2026-07-28 request name the method and the tool, prompt or resource, and the handler refuses a
 * body that says otherwise; those of an older one are not to be trusted, so the handler alone
 * decides there. What nobody has heard of needs nothing more: the handler says that it does not
 * exist.
 */
export const requiredScopes = (
  headers: Readonly<Record<string, string>>,
  defined: RequiredScopes,
): readonly string[] => {
  const method = headers['mcp-method'];
  const name = headers['mcp-name'];
  const version = headers['mcp-protocol-version'];
  if (!version || !modern.has(version) || !method || !name || !isNamed(method)) return [baseScope];
  const decoded = decodedHeader(name);
  return [
    ...new Set([
      baseScope,
      ...((decoded !== undefined && scopesOf(method, decoded, defined)) || []),
    ]),
  ];
};

const scopesOf = (
  method: keyof typeof namedBy,
  name: string,
  defined: RequiredScopes,
): readonly string[] | undefined => {
  switch (method) {
    case 'tools/call':
      return own(defined.tools, name);
    case 'prompts/get':
      return own(defined.prompts, name);
    case 'resources/read':
      return resourceScopes(percentEncoded(name), defined);
  }
};

const resourceScopes = (uri: string, { resources, resourceTemplates }: RequiredScopes) =>
  own(resources, uri) ?? resourceTemplates.find(([pattern]) => new RegExp(pattern).test(uri))?.[1];

const own = (scopes: Readonly<Record<string, readonly string[]>>, name: string) =>
  Object.hasOwn(scopes, name) ? scopes[name] : undefined;
