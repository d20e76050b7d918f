import { UserError } from '../../lib/user-error.ts';
import { endpoints } from '../../policy/endpoints.ts';

/** @throws UserError where it is not the URL of an MCP endpoint. */
export const readMcpUrl = (given: string): { readonly mcpUrl: string; readonly issuer: string } => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url === undefined || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)))
    throw new UserError(`${given} is no https URL: give the stack's output McpUrl.`);
  if (!given.endsWith(endpoints.mcp.path))
    throw new UserError(
      `${given} does not end with ${endpoints.mcp.path}: give the stack's output McpUrl, byte for byte.`,
    );
  return { mcpUrl: given, issuer: given.slice(0, -endpoints.mcp.path.length) };
};
