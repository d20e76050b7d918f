import { createMcpHandler, McpServer, verifyBearerToken } from '@modelcontextprotocol/server';
import {
  add,
  describe,
  type Event,
  fromResponse,
  input,
  output,
  toolNames,
  toRequest,
  verifyToken,
} from './shared.ts';

// The official SDK behind its own bearer check: an instance a request, as it is meant to be used
// without sessions.
const mcp = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'bench', version: '1.0.0' });
    for (const name of toolNames)
      server.registerTool(
        name,
        { ...describe(name), inputSchema: input(), outputSchema: output() },
        async (given) => add(given),
      );
    return server;
  },
  { keepAliveMs: 0 },
);

const verifier = {
  verifyAccessToken: async (token: string) => {
    const claims = verifyToken(`Bearer ${token}`);
    return {
      token,
      clientId: claims.client_id,
      scopes: claims.scope.split(' '),
      expiresAt: claims.exp,
    };
  },
};

export const handler = async (event: Event) => {
  const authInfo = await verifyBearerToken(event.headers['authorization'] ?? null, { verifier });
  return fromResponse(await mcp.fetch(toRequest(event), { authInfo }));
};
