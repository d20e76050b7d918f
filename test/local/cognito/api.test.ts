import * as https from 'node:https';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  ListUsersCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { decodeProtectedHeader } from 'jose';
import type { Cognito } from '../../../local/cognito/cognito.ts';
import { cognitoRequestQuotas } from '../../../policy/local-runtime.ts';
import { aPool, claimsOf, email } from './a-pool.ts';

let pool: Awaited<ReturnType<typeof aPool>>;
beforeAll(async () => {
  pool = await aPool();
});
afterAll(() => pool.cognito.stop());

/**
 * An https agent that routes AWS's names to the local runtime and trusts its authority, as a worker's
 * preload does.
 */
const agentFor = ({ apiPort, certificateAuthority }: Cognito) => {
  const agent = new https.Agent({ ca: certificateAuthority });
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) =>
    createConnection(
      { ...options, servername: options.host ?? '', host: '127.0.0.1', port: apiPort },
      callback,
    );
  return agent;
};

const fetchJson = (cognito: Cognito, url: string) =>
  new Promise<{ keys: { kid: string; kty: string }[] }>((resolve, reject) => {
    https
      .get(url, { agent: agentFor(cognito) }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () => resolve(JSON.parse(text)));
      })
      .on('error', reject);
  });

const verifierFor = (cognito: Cognito, tokenUse: 'access' | 'id' = 'access') =>
  CognitoJwtVerifier.create(
    { userPoolId: 'eu-west-1_AbCdEf123', clientId: pool.client.clientId, tokenUse },
    {
      jwksCache: new SimpleJwksCache({
        fetcher: {
          fetch: async (url) =>
            new TextEncoder().encode(JSON.stringify(await fetchJson(cognito, url))).buffer,
        },
      }),
    },
  );

const sdkFor = (cognito: Cognito) =>
  new CognitoIdentityProviderClient({
    region: 'eu-west-1',
    endpoint: `https://localhost:${cognito.apiPort}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { httpsAgent: new https.Agent({ ca: cognito.certificateAuthority }) },
  });

describe('tokens and keys', () => {
  it('gives tokens that aws-jwt-verify takes, by the JWKS at the issuer’s own URL', async () => {
    const { access_token, id_token } = await pool.tokens();
    await expect(verifierFor(pool.cognito).verify(access_token ?? '')).resolves.toMatchObject({
      token_use: 'access',
    });
    await expect(verifierFor(pool.cognito, 'id').verify(id_token ?? '')).resolves.toMatchObject({
      token_use: 'id',
      email,
    });
  });

  it('signs access and ID tokens with different keys', async () => {
    const { access_token, id_token } = await pool.tokens();
    expect(decodeProtectedHeader(access_token ?? '').kid).not.toBe(
      decodeProtectedHeader(id_token ?? '').kid,
    );
  });

  it('forgets the old keys when it rotates', async () => {
    const { access_token } = await pool.tokens();
    const jwks = () => fetchJson(pool.cognito, `${pool.cognito.issuer}/.well-known/jwks.json`);
    const before = (await jwks()).keys.map(({ kid }) => kid);
    await pool.cognito.rotateKeys();
    const after = (await jwks()).keys.map(({ kid }) => kid);
    expect(after).toHaveLength(2);
    expect(after.filter((kid) => before.includes(kid))).toEqual([]);
    await expect(verifierFor(pool.cognito).verify(access_token ?? '')).rejects.toThrow(/kid/);
  });

  it('issues tokens of a skewed clock', async () => {
    pool.cognito.skewClock(-120);
    const now = Math.floor(pool.clock.now / 1000);
    expect(claimsOf((await pool.tokens())['access_token'])).toMatchObject({
      iat: now - 120,
      exp: now + 780,
      auth_time: now - 120,
    });
    pool.cognito.skewClock(0);
  });

  it('mints what a test asks for, under a good signature', async () => {
    const token = await pool.cognito.mint({
      resource: 'https://mcp.example.com/mcp',
      scopes: ['gatehouse/tools.read'],
      claims: { iat: 1, nbf: 2 ** 40, sub: undefined },
      header: { jku: 'https://evil.example/jwks.json' },
    });
    expect(claimsOf(token)).toMatchObject({
      aud: 'https://mcp.example.com/mcp',
      scope: 'gatehouse/tools.read',
      iat: 1,
      nbf: 2 ** 40,
    });
    expect(claimsOf(token)).not.toHaveProperty('sub');
    expect(decodeProtectedHeader(token)).toMatchObject({
      alg: 'RS256',
      jku: 'https://evil.example/jwks.json',
    });
    const good = await pool.cognito.mint({ email });
    await expect(verifierFor(pool.cognito).verify(good)).resolves.toMatchObject({
      client_id: pool.client.clientId,
    });
  });
});

describe('the user pools API', () => {
  it('describes an app client with its secret', async () => {
    const { UserPoolClient } = await sdkFor(pool.cognito).send(
      new DescribeUserPoolClientCommand({
        UserPoolId: 'eu-west-1_AbCdEf123',
        ClientId: pool.client.clientId,
      }),
    );
    expect(UserPoolClient).toMatchObject({
      ClientSecret: pool.client.clientSecret,
      AllowedOAuthFlows: ['code'],
    });
  });

  it('finds somebody by address', async () => {
    const list = (Filter: string) =>
      sdkFor(pool.cognito).send(
        new ListUsersCommand({ UserPoolId: 'eu-west-1_AbCdEf123', Filter }),
      );
    expect((await list(`email = "${email}"`)).Users?.[0]?.Attributes).toContainEqual({
      Name: 'email',
      Value: email,
    });
    expect((await list('email = "nobody@example.com"')).Users).toEqual([]);
    await expect(list('email ^= "d"')).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidParameterException' }),
    );
  });

  it('refuses what it does not emulate, and an unknown pool or client', async () => {
    const sdk = sdkFor(pool.cognito);
    const describe_ = (UserPoolId: string, ClientId: string) =>
      sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    await expect(
      sdk.send(new SignUpCommand({ ClientId: 'x', Username: 'x', Password: 'x' })),
    ).rejects.toThrow(expect.objectContaining({ name: 'UnknownOperationException' }));
    await expect(describe_('eu-west-1_Other', pool.client.clientId)).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
    await expect(describe_('eu-west-1_AbCdEf123', 'nobody')).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });

  it('counts what was called, by name', async () => {
    pool.cognito.resetCounts();
    await pool.tokens();
    expect(pool.cognito.counts()).toEqual({ Login: 2, Token: 1 });
    pool.cognito.resetCounts();
    expect(pool.cognito.counts()).toEqual({});
  });
});

describe('request quotas', () => {
  it('let as many calls through in a second as AWS publishes, by the clock that is given', async () => {
    const clock = { now: 1_000_000 };
    const { cognito, client } = await aPool({ quotaClock: () => clock.now });
    const sdk = sdkFor(cognito);
    const describe = () =>
      sdk.send(
        new DescribeUserPoolClientCommand({
          UserPoolId: 'eu-west-1_AbCdEf123',
          ClientId: client.clientId,
        }),
      );
    const { DescribeUserPoolClient: quota } = cognitoRequestQuotas;
    for (let calls = 0; calls < quota; calls += 1) await describe();
    await expect(describe()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    clock.now += 1000;
    await expect(describe()).resolves.toBeDefined();
    await cognito.stop();
  });
});
