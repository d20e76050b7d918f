/** The server card (SEP-2127), as its schema of v2 has it. */
export const serverCard = {
  schema: 'https://static.modelcontextprotocol.io/schemas/v2/server-card.schema.json',
  contentType: 'application/mcp-server-card+json',
} as const;

/** The registry's own document, which the build writes for a deployment with a domain. */
export const registryDocument = {
  schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
} as const;

/** The namespace of a server's name in both documents: `com.example.mcp` of `mcp.example.com`. */
export const reverseDomain = (host: string): string => host.split('.').reverse().join('.');
