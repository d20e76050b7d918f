import * as fc from 'fast-check';
import { cognitoUrl, issuerOfPool, jwksUrlOf } from '../../../lambdas/configuration/cognito-url.ts';
import { fields, httpFields, tokenFields } from '../../../lambdas/configuration/fields.ts';
import { ConfigurationError, readConfiguration } from '../../../lambdas/configuration/read.ts';
import { missingScopes, parseScopes, withImplied } from '../../../lambdas/configuration/scopes.ts';

const variables = {
  ...httpFields,
  ...tokenFields,
  ISSUER_URL: fields.ISSUER_URL,
  COGNITO_DOMAIN: fields.COGNITO_DOMAIN,
};

const good: Record<string, string> = {
  ENVIRONMENT: 'production',
  ALLOWED_ORIGINS: 'https://claude.ai,https://julius.ai',
  COGNITO_USER_POOL_ID: 'us-east-1_AbCdEfGhI',
  COGNITO_REGION: 'us-east-1',
  COGNITO_CLIENT_ID: 'claude=abc123,loopback=def456',
  ISSUER_URL: 'https://mcp.example.com',
  RESOURCE_URL: 'https://mcp.example.com/mcp',
  COGNITO_DOMAIN: 'https://gatehouse.auth.us-east-1.amazoncognito.com',
};

const reading = (change: Record<string, string | undefined>) => () =>
  readConfiguration(variables, { ...good, ...change });

it('reads what the deployment sets', () => {
  expect(reading({})()).toMatchObject({
    ALLOWED_ORIGINS: ['https://claude.ai', 'https://julius.ai'],
    COGNITO_CLIENT_ID: { claude: 'abc123', loopback: 'def456' },
    LOG_SENSITIVE_DATA: false,
  });
});

it.each(Object.keys(good))('names %s when it is missing', (name) => {
  expect(reading({ [name]: undefined })).toThrow(
    new ConfigurationError(`Configuration: ${name} is missing`),
  );
});

it('names every variable that is missing, at once', () => {
  expect(() => readConfiguration(variables, {})).toThrow(
    /COGNITO_USER_POOL_ID is missing; COGNITO_REGION is missing; COGNITO_CLIENT_ID is missing/,
  );
});

it.each([
  ['ENVIRONMENT', 'staging'],
  ['ALLOWED_ORIGINS', '*'],
  ['ALLOWED_ORIGINS', 'null'],
  ['ALLOWED_ORIGINS', 'https://claude.ai/'],
  ['ALLOWED_ORIGINS', 'https://*.claude.ai/x'],
  ['ALLOWED_ORIGINS', 'http://claude.ai'],
  ['ALLOWED_ORIGINS', 'http://localhost:3000'],
  ['ALLOWED_ORIGINS', 'http://localhost.evil.example'],
  ['COGNITO_USER_POOL_ID', 'us-east-1_../../evil'],
  ['COGNITO_USER_POOL_ID', 'eu-west-1_AbCdEfGhI'],
  ['COGNITO_REGION', 'evil.com/'],
  ['COGNITO_CLIENT_ID', ''],
  ['COGNITO_CLIENT_ID', 'claude'],
  ['COGNITO_CLIENT_ID', 'claude=a,claude=b'],
  ['COGNITO_CLIENT_ID', 'claude=a,julius=a'],
  ['COGNITO_CLIENT_ID', 'claude=a=b'],
  ['ISSUER_URL', 'https://mcp.example.com/'],
  ['ISSUER_URL', 'https://MCP.example.com'],
  ['ISSUER_URL', 'http://mcp.example.com'],
  ['ISSUER_URL', 'https://user@mcp.example.com'],
  ['RESOURCE_URL', 'https://mcp.example.com/mcp?x=1'],
  ['COGNITO_DOMAIN', 'http://gatehouse.auth.us-east-1.amazoncognito.com'],
  ['COGNITO_DOMAIN', 'https://gatehouse.example.com/path'],
  ['LOG_SENSITIVE_DATA', 'yes'],
  ['LOG_SENSITIVE_DATA', 'true'],
  ['TRUSTED_PROXY_HEADER', 'X-Forwarded-For: x'],
])('refuses %s=%s, and does not repeat the value', (name, value) => {
  expect(reading({ [name]: value })).toThrow(ConfigurationError);
  expect(reading({ [name]: value })).toThrow(name);
  if (value.length > 6) expect(reading({ [name]: value })).not.toThrow(value);
});

it('takes http on this very machine, and a developer’s origins on development environments', () => {
  expect(
    reading({
      ENVIRONMENT: 'development',
      ALLOWED_ORIGINS: 'http://localhost:3000',
      ISSUER_URL: 'http://localhost:3000/local',
      COGNITO_DOMAIN: 'http://localhost:41234',
    }),
  ).not.toThrow();
});

describe('a URL of Cognito', () => {
  it.each([
    ['us-east-1', 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A'],
    ['us-gov-west-1', 'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_A'],
    ['cn-north-1', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A'],
  ])('is made for %s', (region, issuer) => {
    expect(issuerOfPool(region, `${region}_A`)).toBe(issuer);
    expect(jwksUrlOf(issuer).href).toBe(`${issuer}/.well-known/jwks.json`);
  });

  it.each([
    'https://cognito-idp.evil.com/.amazonaws.com',
    'https://cognito-idp.us-east-1.amazonaws.com.evil.com/pool',
    'https://cognito-idp.us-east-1.evil.com',
    'https://evil.com/cognito-idp.us-east-1.amazonaws.com',
    'https://evil.com#cognito-idp.us-east-1.amazonaws.com',
    'https://cognito-idp.us-east-1.amazonaws.com@evil.com/pool',
    'https://x@cognito-idp.us-east-1.amazonaws.com/pool',
    'https://cognito-idp.us-east-1.amazonaws.com:8443/pool',
    'https://cognito-idp.us-east-1.amazonaws.com.cn/pool',
    'https://cognito-idp.cn-north-1.amazonaws.com/pool',
    'https://xcognito-idp.us-east-1.amazonaws.com/pool',
    'https://a.cognito-idp.us-east-1.amazonaws.com/pool',
    'https://cognito-idp.us-east-1.amazonaws.com/pool?x',
    'http://cognito-idp.us-east-1.amazonaws.com/pool',
    'ftp://cognito-idp.us-east-1.amazonaws.com/pool',
    'cognito-idp.us-east-1.amazonaws.com/pool',
    '',
  ])('is not %p', (text) => {
    expect(() => cognitoUrl(text)).toThrow('not a URL of Cognito');
  });

  it('is never one whose host a stranger could own', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        expect(() => cognitoUrl(url)).toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

describe('scopes', () => {
  it('come from text with commas, spaces or both, each once and in order', () => {
    expect(parseScopes('a/b, c  d\ta/b,,e')).toEqual(['a/b', 'c', 'd', 'e']);
    expect(parseScopes('')).toEqual([]);
    expect(parseScopes('a "b" c\\d \u0000e é')).toEqual(['a']);
  });

  it('are only ever tokens of RFC 6749', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const scope of parseScopes(text)) expect(scope).toMatch(/^[!#-[\]-~]+$/);
      }),
    );
  });

  it('bring along what they imply', () => {
    expect(withImplied(['gatehouse/tools.call', 'openid', 'constructor'])).toEqual([
      'gatehouse/tools.call',
      'openid',
      'constructor',
      'gatehouse/tools.read',
    ]);
    expect(missingScopes(['a', 'b'], ['b'])).toEqual(['a']);
  });
});
