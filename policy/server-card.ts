/** The server card (SEP-2127), as its schema of v2 has it. */
export const serverCard = {
  schema: 'https://static.modelcontextprotocol.io/schemas/v2/server-card.schema.json',
  contentType: 'application/mcp-server-card+json',
} as const;

/** The registry's own document, which the build writes for a deployment with a domain. */
export const registryDocument = {
  schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
} as const;

/** What the published schemas of both documents allow, in characters. */
export const publicBounds = { name: 200, text: 100, version: 255 } as const;

/** The registry's alone: it takes no data URI. */
export const registryIcons = {
  mostCharacters: 255,
  mimeTypes: ['image/png', 'image/jpeg', 'image/jpg', 'image/svg+xml', 'image/webp'],
} as const;

/** A server's name in both documents: `com.example.mcp/orders` for `orders` at `mcp.example.com`. */
export const publicName = (host: string, suffix: string): string =>
  `${host.split('.').reverse().join('.')}/${suffix}`.slice(0, publicBounds.name);
