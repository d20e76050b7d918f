import fc from 'fast-check';
import { decodeJwt } from '../../lambdas/access-token/token-format.ts';
import { parseAuthorizationRequest } from '../../lambdas/authorization/authorization-request.ts';
import { HttpError, InvalidClient } from '../../lambdas/errors/errors.ts';
import type { Network } from '../../lambdas/http/public-fetch.ts';
import { parseMessage } from '../../lambdas/mcp/protocol/message.ts';
import { fetchMetadataDocument } from '../../lambdas/oauth/metadata-document.ts';
import { matchesRegistered, validateRedirectUri } from '../../lambdas/oauth/redirect-uri.ts';
import { clientProfiles } from '../../policy/clients.ts';
import { sizes } from '../../policy/limits.ts';
import {
  accessToken,
  authorizationParameters,
  metadataDocument,
  redirectUri,
  resources,
  rpcMessage,
} from './grammar.ts';

/** Sentences for each parser. The seed is fixed: a failure is found again by running again. */
const numRuns = Number(process.env['GATEHOUSE_PARSER_RUNS'] ?? 10_000);
const bounds = { numRuns, seed: 20_261_126 };

/** Whether the generator gets past the first checks, and is refused there too. */
const expectBoth = (taken: number, least = 0.02) => {
  expect(taken).toBeGreaterThan(numRuns * least);
  expect(taken).toBeLessThan(numRuns * (1 - least));
};

const [claude] = clientProfiles;
const issuer = 'https://mcp.example.com';
const resource = `${issuer}/mcp`;

test(`a redirect URI that is taken means one place to everybody (${numRuns})`, () => {
  let taken = 0;
  fc.assert(
    fc.property(redirectUri, redirectUri, (uri, registered) => {
      if (validateRedirectUri(uri) !== undefined) {
        expect(matchesRegistered(uri, registered)).toBe(false);
        return;
      }
      taken += 1;
      const url = new URL(uri);
      const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
      expect(url.protocol === 'https:' || (url.protocol === 'http:' && loopback)).toBe(true);
      expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
      expect([uri, `${uri}/`]).toContain(url.href);
      expect(uri).toMatch(/^[!-~]+$/);
      expect(matchesRegistered(uri, uri)).toBe(true);
      if (!matchesRegistered(uri, registered)) return;
      const other = new URL(registered);
      expect([other.protocol, other.hostname, other.pathname, other.search]).toEqual([
        ...[url.protocol, url.hostname, url.pathname, url.search],
      ]);
      if (url.port !== other.port) expect(url.protocol).toBe('http:');
    }),
    bounds,
  );
  expectBoth(taken);
});

test(`a token is decoded or refused in words, and means one thing only (${numRuns})`, () => {
  let taken = 0;
  fc.assert(
    fc.property(accessToken, (token) => {
      const decoded = decodeJwt(token);
      if ('fault' in decoded) return;
      taken += 1;
      expect(decoded.parts.join('.')).toBe(token);
      const [head = '', body = ''] = decoded.parts.map((part) =>
        Buffer.from(part, 'base64url').toString('utf8'),
      );
      expect(JSON.parse(head)).toMatchObject({ alg: 'RS256', kid: decoded.kid });
      expect(JSON.parse(head)).not.toHaveProperty('crit');
      expect(decoded.payload).toEqual(JSON.parse(body));
    }),
    bounds,
  );
  expectBoth(taken);
});

test(`an authorization request grants no more than its profile has, or ends in an error of OAuth's (${numRuns})`, () => {
  let taken = 0;
  const client = { id: 'claude', name: 'Claude', redirectUris: [], profiles: [claude] };
  const requester = { client, profile: claude, redirectUri: claude.redirectUris[0] };
  fc.assert(
    fc.property(authorizationParameters, resources(resource), (parameters, named) => {
      try {
        const request = parseAuthorizationRequest(requester, parameters, named, {
          ISSUER_URL: issuer,
          RESOURCE_URL: resource,
        });
        taken += 1;
        expect(request.resource).toBe(resource);
        expect(request.codeChallenge).toMatch(/^[\w-]{43}$/);
        expect(parameters.code_challenge_method).toBe('S256');
        expect(request.scopes.length).toBeGreaterThan(0);
        expect(claude.scopes).toEqual(expect.arrayContaining([...request.scopes]));
        expect(named.length).toBeLessThanOrEqual(sizes.resourceIndicators);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        expect(error.status).toBe(400);
        expect(error.oauth).toMatch(
          /^(invalid_request|unsupported_response_type|invalid_scope|invalid_target)$/,
        );
      }
    }),
    bounds,
  );
  expectBoth(taken);
});

test(`a metadata document gives a name that can be shown and redirect URIs that are valid, or none (${numRuns})`, async () => {
  let taken = 0;
  const url = 'https://host.example/client.json';
  await fc.assert(
    fc.asyncProperty(metadataDocument(url), async (json) => {
      const network: Network = {
        resolve: async () => [{ address: '160.79.104.10', family: 4 }],
        get: async () => ({
          status: 200,
          headers: { 'content-type': 'application/json' },
          text: '',
          json,
        }),
      };
      try {
        const document = await fetchMetadataDocument(url, new Date(0), network);
        taken += 1;
        expect([...document.name].length).toBeGreaterThan(0);
        expect([...document.name].length).toBeLessThanOrEqual(sizes.clientNameCharacters);
        expect(document.name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(document.redirectUris.length).toBeLessThanOrEqual(sizes.redirectUrisPerClient);
        for (const uri of document.redirectUris) expect(validateRedirectUri(uri)).toBeUndefined();
      } catch (error) {
        if (!(error instanceof InvalidClient)) throw error;
        expect(error.status).toBe(401);
      }
    }),
    bounds,
  );
  expectBoth(taken);
});

test(`a JSON-RPC message is an envelope, or an error with the id that can be read (${numRuns})`, () => {
  let taken = 0;
  fc.assert(
    fc.property(rpcMessage, (json) => {
      try {
        const message = parseMessage(json);
        taken += 1;
        expect(json).toMatchObject({ jsonrpc: '2.0', method: message.method });
        expect(message.method.length).toBeLessThanOrEqual(sizes.displayedCharacters);
        expect(['undefined', 'string', 'number']).toContain(typeof message.id);
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        expect(error.jsonRpc).toBe(-32_600);
        expect(['string', 'number', 'object']).toContain(typeof error.rpcId);
      }
    }),
    bounds,
  );
  expectBoth(taken);
});
