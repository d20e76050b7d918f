import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { fetchFrom } from '../browser/request-from.ts';
import { startRedirectListener } from './redirect-listener.ts';
import { revokeAndRefresh } from './revocation.ts';
import type { Client, Setting } from './story.ts';

const serverMetadata = z.object({
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string(),
});
const registered = z.object({ client_id: z.string() });
const issued = z.object({ access_token: z.string(), refresh_token: z.string() });
const initialized = z.object({ result: z.object({ protocolVersion: z.string() }) });
const listed = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) });
const called = z.object({ result: z.object({ structuredContent: z.unknown() }) });

type Fetch = typeof globalThis.fetch;

/** @throws naming what was asked and how it was answered */
const readJson = async <T>(schema: z.ZodType<T>, response: Response, asked: string): Promise<T> => {
  if (!response.ok) throw new Error(`${asked} was answered ${response.status}`);
  return schema.parse(await response.json());
};

const json = (value: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  },
  body: JSON.stringify(value),
});

/**
 * What the host's root says, if it says anything; the paths of the 2025-03-26 specification
 * otherwise ("Fallbacks for Servers without Metadata Discovery").
 */
const endpointsOf = async (fetch: Fetch, { origin }: URL, looks: boolean) => {
  const guessed = {
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
  };
  if (!looks) return guessed;
  const response = await fetch(`${origin}/.well-known/oauth-authorization-server`);
  return response.ok ? serverMetadata.parse(await response.json()) : guessed;
};

const logIn = async (
  fetch: Fetch,
  { browser }: Setting,
  endpoints: z.infer<typeof serverMetadata>,
  redirectUri: string,
) => {
  const registration = {
    client_name: 'A client that looks at the root alone',
    redirect_uris: [redirectUri],
  };
  const { client_id } = await readJson(
    registered,
    await fetch(endpoints.registration_endpoint, json(registration)),
    `POST ${endpoints.registration_endpoint}`,
  );
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const url = new URL(endpoints.authorization_endpoint);
  // No scope and no resource: it has not read what is on offer.
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const { last } = await browser.walk(url);
  if (last.url.searchParams.get('state') !== state)
    throw new Error('The browser came back with another state.');
  const form = {
    grant_type: 'authorization_code',
    client_id,
    redirect_uri: redirectUri,
    code: last.url.searchParams.get('code') ?? '',
    code_verifier: verifier,
  };
  const response = await fetch(endpoints.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return {
    clientId: client_id,
    tokens: await readJson(issued, response, `POST ${endpoints.token_endpoint}`),
  };
};

/**
 * As clients of the first days and some of today's do it: takes a 401 for "log in", never reads its
 * challenge, and looks for the authorization server at the root of the host (claude-code #66456,
 * #83681).
 * @param looks - at the root's metadata; false: goes by the guessed paths alone
 */
const rootProbing =
  (looks: boolean): Client =>
  async (setting) => {
    const { mcpUrl, address } = setting;
    const fetch = fetchFrom(address);
    const url = new URL(mcpUrl);
    const listener = await startRedirectListener('127.0.0.1');
    const send = (method: string, params: object, token?: string) =>
      fetch(
        url,
        json(
          { jsonrpc: '2.0', id: 1, method, params },
          token === undefined ? {} : { authorization: `Bearer ${token}` },
        ),
      );
    const opening = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'root-probing', version: '1' },
    };
    try {
      const challenged = await send('initialize', opening);
      if (challenged.status !== 401)
        throw new Error(`A call without a token was answered ${challenged.status}`);
      const endpoints = await endpointsOf(fetch, url, looks);
      const { clientId, tokens } = await logIn(fetch, setting, endpoints, listener.redirectUrl);
      const { result } = await readJson(
        initialized,
        await send('initialize', opening, tokens.access_token),
        'initialize',
      );
      const { result: list } = await readJson(
        listed,
        await send('tools/list', {}, tokens.access_token),
        'tools/list',
      );
      const refused = await send('tools/list', {}, 'spoiled');
      if (refused.status !== 401) throw new Error(`A spoiled token was answered ${refused.status}`);
      const refresh = {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: tokens.refresh_token,
      };
      const response = await fetch(endpoints.token_endpoint, {
        method: 'POST',
        body: new URLSearchParams(refresh),
      });
      const fresh = await readJson(issued, response, 'the refresh');
      const whoami = await send(
        'tools/call',
        { name: 'whoami', arguments: {} },
        fresh.access_token,
      );
      return {
        protocolVersion: result.protocolVersion,
        tools: list.tools.map(({ name }) => name),
        whoami: (await readJson(called, whoami, 'whoami')).result.structuredContent,
        logins: 1,
        afterRevocation: await revokeAndRefresh(fetch, mcpUrl, {
          clientId,
          refreshToken: fresh.refresh_token,
        }),
      };
    } finally {
      await listener.stop();
    }
  };

export const rootMetadata = rootProbing(true);
export const guessedPaths = rootProbing(false);
