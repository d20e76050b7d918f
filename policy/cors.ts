/** CORS-1: a list, never `*`, never an echo of an unknown origin. */
export const allowedOrigins = {
  production: [
    'https://claude.ai',
    'https://julius.ai',
    'https://api.julius.ai',
    'https://app.julius.ai',
  ],
  /** Added on development environments; the only origins that may be plain http (CORS-2). */
  development: [
    'http://localhost:6274',
    'http://localhost:3000',
    'http://localhost:8000',
    'http://localhost:8080',
  ],
} as const;

/** CORS-3. */
export const corsMethods = ['GET', 'POST', 'OPTIONS'] as const;

/** CORS-4. `Mcp-Param-*` names are added as tools declare them. */
export const corsRequestHeaders = [
  'Authorization',
  'Content-Type',
  'Accept',
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Last-Event-ID',
] as const;

export const corsExposedHeaders = [
  'WWW-Authenticate',
  'Retry-After',
  'MCP-Protocol-Version',
] as const;
