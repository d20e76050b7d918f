import { createMcpHandler, withMcpAuth } from 'mcp-handler';
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

const mcp = createMcpHandler(
  (server: {
    registerTool: (
      name: string,
      config: object,
      call: (given: { a: number; b: number }) => unknown,
    ) => void;
  }) => {
    for (const name of toolNames)
      server.registerTool(
        name,
        { ...describe(name), inputSchema: input(), outputSchema: output() },
        async (given) => add(given),
      );
  },
  {},
  { basePath: '' },
);

const guarded = withMcpAuth(mcp, (_request: Request, token: string | undefined) => {
  const claims = verifyToken(`Bearer ${token}`);
  return {
    token: token ?? '',
    clientId: claims.client_id,
    scopes: claims.scope.split(' '),
    expiresAt: claims.exp,
  };
});

export const handler = async (event: Event) => fromResponse(await guarded(toRequest(event)));
