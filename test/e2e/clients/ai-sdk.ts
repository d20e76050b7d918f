import { auth, createMCPClient, UnauthorizedError } from '@ai-sdk/mcp';
import { type Attempt, inProcess } from './in-process.ts';

const attempt: Attempt = async ({ mcpUrl }, { provider, fetch }) => {
  const client = await createMCPClient({
    transport: { type: 'http', url: mcpUrl, authProvider: provider, fetch },
  }).catch(async (error: unknown) => {
    if (!(error instanceof UnauthorizedError)) throw error;
    await auth(provider, {
      serverUrl: mcpUrl,
      authorizationCode: provider.response.get('code') ?? '',
      callbackState: provider.response.get('state') ?? '',
      callbackIssuer: provider.response.get('iss') ?? '',
      fetchFn: fetch,
    });
    return undefined;
  });
  return (
    client && {
      protocolVersion: String(client.initializeResult.protocolVersion),
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      whoami: async () => {
        const result = await client.callTool({ name: 'whoami', arguments: {} });
        return 'structuredContent' in result ? result.structuredContent : undefined;
      },
      close: () => client.close(),
    }
  );
};

export const aiSdk = inProcess('AI SDK', 'localhost', attempt);
