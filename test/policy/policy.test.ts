import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientProfiles } from '../../policy/clients.ts';
import { allowedOrigins } from '../../policy/cors.ts';
import { endpointRows, pathsWhere } from '../../policy/endpoints.ts';
import { contentSecurityPolicy, headerTable } from '../../policy/headers.ts';
import {
  type AddressLimit,
  addressLimits,
  sizes,
  userLimits,
  wafQuotas,
} from '../../policy/limits.ts';
import { mcpMethods } from '../../policy/mcp-methods.ts';
import { scopes } from '../../policy/scopes.ts';

const folder = join(import.meta.dirname, '../../policy');

describe('policy', () => {
  test.each(readdirSync(folder))('%s imports nothing', (file) => {
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/^\s*import\b|require\(/m);
  });

  test('states the header table of the catalogue, word for word', () => {
    expect(headerTable('production')).toEqual({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-xss-protection': '1; mode=block',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'permissions-policy': 'geolocation=(), microphone=(), camera=()',
      'cache-control': 'no-store, no-cache, must-revalidate, private',
      'content-security-policy': contentSecurityPolicy.production,
    });
    expect(contentSecurityPolicy.production).not.toMatch(/unsafe-eval|\*/);
  });

  test('states limits that AWS WAF can express', () => {
    expect(addressLimits.length).toBeLessThanOrEqual(wafQuotas.rateRulesPerAcl);
    for (const limit of addressLimits) {
      expect(limit.requests).toBeGreaterThanOrEqual(wafQuotas.smallestRate);
      expect(wafQuotas.windowsSeconds).toContain(limit.perSeconds);
    }
  });

  test('limits what the catalogue limits, at its figures', () => {
    const perMinute = Object.fromEntries(
      addressLimits.map((limit) => [limit.name, (limit.requests / limit.perSeconds) * 60]),
    );
    expect(perMinute).toEqual({
      'everything-per-minute': 100,
      'everything-per-hour': 16.6,
      oauth: 10,
      registration: 5,
      metadata: 20,
      health: 100,
      'self-test': 5,
    });
    expect(userLimits).toEqual({ perMinute: 30, perHour: 1000 });
    expect(sizes).toMatchObject({
      bodyBytes: 262_144,
      jsonDepth: 32,
      batchMessages: 20,
      tokenBytes: 10_240,
      metadataDocumentBytes: 5120,
    });
  });

  test('counts the endpoints of a limit, and every limit counts some', () => {
    const named = (name: string) => pathsWhere(({ addressLimit }) => addressLimit === name);
    const limits: readonly AddressLimit[] = addressLimits;
    const own = limits.filter(({ counts }) => counts === 'its-endpoints');
    for (const { name } of own) expect(named(name)).not.toEqual([]);
    const names: readonly string[] = [...own.map(({ name }) => name), 'none'];
    for (const { addressLimit } of endpointRows) expect(names).toContain(addressLimit);
    expect(named('oauth')).toEqual(['/authorize', '/consent', '/callback', '/token', '/revoke']);
  });

  test('leaves no endpoint without a limit of its own that is open to strangers', () => {
    const open = endpointRows.filter(({ authentication }) => authentication === 'none');
    for (const { addressLimit } of open) expect(addressLimit).not.toBe('none');
  });

  test('allows only https origins in production, and no wildcard anywhere', () => {
    for (const origin of allowedOrigins.production)
      expect(origin).toMatch(/^https:\/\/[a-z0-9.]+$/);
    for (const origin of allowedOrigins.development)
      expect(origin).toMatch(/^http:\/\/localhost:\d+$/);
  });

  test('grants profiles only scopes that exist, and implies only such', () => {
    const known = Object.keys(scopes);
    for (const profile of clientProfiles)
      for (const scope of profile.scopes) expect(known).toContain(scope);
    for (const { implies } of Object.values(scopes))
      for (const scope of implies) expect(known).toContain(scope);
  });

  test('takes plain http redirects only where a profile is for loopback', () => {
    for (const profile of clientProfiles)
      for (const uri of profile.redirectUris) expect(uri).toMatch(/^https:\/\//);
  });

  test('speaks no method of the other era by accident', () => {
    expect(mcpMethods.modern).not.toContain('initialize');
    expect(mcpMethods.modern).not.toContain('ping');
    expect(mcpMethods.legacy).not.toContain('server/discover');
    expect(mcpMethods.legacy).not.toContain('subscriptions/listen');
  });
});
