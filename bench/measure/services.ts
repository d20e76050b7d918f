import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An item of a user who has called in this minute and hour, as an update returns it. */
const tableResponse = JSON.stringify({
  Attributes: {
    pk: { S: 'user#bench' },
    m29921404: { N: '7' },
    h498690: { N: '123' },
    expiresAt: { N: '1795284240' },
  },
});

/**
 * What the measured processes talk to: a key set and a table that always has room. In the parent,
 * so that nobody pays for it.
 */
export const startServices = async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((request, response) => {
    request.resume();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = pathname === '/jwks' ? jwks : tableResponse;
    const send = () =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
        .end(body);
    // A network in between, where the address asks for one.
    const milliseconds = Number(searchParams.get('milliseconds') ?? 0);
    if (milliseconds === 0) send();
    else setTimeout(send, milliseconds);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Bench0001';
  const resource = 'https://mcp.example.com/mcp';
  const token = (): string => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      sub: '6f3a2c1e-0000-4000-8000-1234567890ab',
      iss: issuer,
      aud: resource,
      client_id: 'benchclient1',
      token_use: 'access',
      scope: 'openid gatehouse/tools.read gatehouse/tools.call',
      auth_time: now,
      iat: now,
      exp: now + 900,
      username: 'bench',
      jti: '5d6a6f0e-1111-4222-8333-444455556666',
      origin_jti: '5d6a6f0e-1111-4222-8333-444455556667',
      event_id: '5d6a6f0e-1111-4222-8333-444455556668',
      version: 2,
    };
    const signed = [{ alg: 'RS256', kid: 'bench' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const environment = {
    PATH: process.env['PATH'] ?? '',
    BENCH_PUBLIC_KEY: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    BENCH_ISSUER: issuer,
    BENCH_JWKS: `${origin}/jwks`,
    BENCH_TABLE_RESPONSE: tableResponse,
    ENVIRONMENT: 'production',
    ALLOWED_ORIGINS: 'https://claude.ai,https://julius.ai',
    RESOURCE_URL: resource,
    COGNITO_USER_POOL_ID: 'eu-central-1_Bench0001',
    COGNITO_REGION: 'eu-central-1',
    COGNITO_CLIENT_ID: 'claude=benchclient1',
    USAGE_PLAN_KEYS: 'claude=aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    USAGE_PLAN_SHARE_KEY: 'a'.repeat(40),
    AUDIT_SUBJECT: 'hashed',
    AUDIT_HASH_KEY: 'a'.repeat(40),
    AUDIT_TOOL_METRICS: '0',
    USER_LIMITS: JSON.stringify({ perMinute: 1e6, perHour: 1e6, groups: {}, tools: {} }),
    TABLE_NAME: 'gatehouse-bench',
    AWS_REGION: 'eu-central-1',
    // Made up: the table of the bench looks at no signature.
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_SESSION_TOKEN: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: origin,
    LOG_SENSITIVE_DATA: 'false',
    POWERTOOLS_METRICS_NAMESPACE: 'Gatehouse',
    POWERTOOLS_SERVICE_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  };
  return {
    environment,
    token,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};
