import { gzipSync } from 'node:zlib';

export type Era = 'modern' | 'legacy';

interface Asked {
  readonly era: Era;
  readonly method: 'tools/call' | 'tools/list';
  readonly token: string;
  readonly tool?: string;
}

/**
 * What API Gateway hands to a function for one request of an MCP client: the headers that Claude
 * sends, and those of the edge.
 */
export const eventOf = ({ era, method, token, tool = 'add' }: Asked) => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  };
  const params = {
    ...(method === 'tools/call' && {
      name: tool,
      arguments: { a: 1, b: 2, note: 'a note of some length' },
    }),
    ...(era === 'modern' && { _meta: meta }),
  };
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'accept-encoding': 'gzip, deflate, br',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    host: 'mcp.example.com',
    'user-agent': 'Claude-User',
    'mcp-protocol-version': era === 'modern' ? '2026-07-28' : '2025-06-18',
    ...(era === 'modern' && {
      'mcp-method': method,
      ...(method === 'tools/call' && { 'mcp-name': tool }),
    }),
    'x-amzn-trace-id': 'Root=1-67890abc-000000000000000000000000',
    'x-forwarded-for': '160.79.104.10',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
  return {
    resource: '/mcp',
    path: '/mcp',
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      resourceId: 'abc',
      resourcePath: '/mcp',
      httpMethod: 'POST',
      path: '/mcp',
      accountId: '123456789012',
      stage: 'prod',
      protocol: 'HTTP/1.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      requestTimeEpoch: 1_785_000_000_000,
      apiId: 'abcdef1234',
      domainName: 'mcp.example.com',
      identity: { sourceIp: '160.79.104.10', userAgent: 'Claude-User' },
      authorizer: { sub: 'bench' },
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
    isBase64Encoded: false,
    // What a REQUEST authorizer gets beside.
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-central-1:123456789012:abcdef1234/prod/POST/mcp',
  };
};

/** What CloudWatch Logs hands to the writer of the audit trail for one line of it. */
export const subscriptionEventOf = (message: string) => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        logEvents: [{ id: '3'.repeat(56), timestamp: 1_785_000_000_000, message }],
      }),
    ).toString('base64'),
  },
});
