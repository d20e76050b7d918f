import { auth, createMCPClient, UnauthorizedError } from '@ai-sdk/mcp';
import { type Connect, inProcess } from './in-process.ts';

const connect: Connect = async ({ mcpUrl }, { provider, fetch, response }) => {
  const attempt = async () => {
    try {
      return await createMCPClient({ transport: { type: 'http', url: mcpUrl, authProvider: provider, fetch } });
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      const parameters = await response();
      await auth(provider, {
        serverUrl: mcpUrl,
        authorizationCode: parameters.get('code') ?? '',
        callbackState: parameters.get('state') ?? '',
        callbackIssuer: parameters.get('iss') ?? '',
        fetchFn: fetch,
      });
      return undefined;
    }
  };
  const client = (await attempt()) ?? (await attempt());
  if (!client) throw new Error('The client was not let in after the login.');
  return {
    protocolVersion: String(client.initializeResult.protocolVersion),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    whoami: async () => {
      const result = await client.callTool({ name: 'whoami', arguments: {} });
      return 'structuredContent' in result ? result.structuredContent : undefined;
    },
    close: () => client.close(),
  };
};

export const aiSdk = inProcess('AI SDK', 'localhost', connect);
