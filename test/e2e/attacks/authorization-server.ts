import { createHash, randomBytes } from 'node:crypto';
import type { Gatehouse } from '../../../local/runtime.ts';
import { Browser, type Visit } from '../browser/browser-walk.ts';
import { readPage } from '../browser/html.ts';
import { fetchFrom } from '../browser/request-from.ts';

export const claudeRedirect = 'https://claude.ai/api/mcp/auth_callback';

export const verifier = randomBytes(32).toString('base64url');
export const challenge = createHash('sha256').update(verifier).digest('base64url');

export interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export const jsonOf = ({ body }: ReceivedResponse): Record<string, string> => JSON.parse(body);

/**
 * Everything that an attacker does with the OAuth endpoints, each request from a computer of its
 * own unless a browser is given.
 */
export const authorizationServerDriver = (gatehouse: Gatehouse) => {
  let callers = 0;
  // The limits by address are another test's matter: here every caller is a new one.
  const nextAddress = (): string => {
    callers += 1;
    return `127.2.${Math.floor(callers / 250)}.${(callers % 250) + 1}`;
  };
  const [person = { email: '', password: '' }] = gatehouse.users;

  const send = async (
    path: string,
    init: RequestInit,
    address = nextAddress(),
  ): Promise<ReceivedResponse> => {
    const response = await fetchFrom(address)(`${gatehouse.publicUrl}${path}`, {
      redirect: 'manual',
      ...init,
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  const post = (
    path: string,
    form: Readonly<Record<string, string>> | URLSearchParams,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });

  const requestFor = (
    clientId: string,
    redirectUri: string,
    more: Readonly<Record<string, string>> = {},
  ) => ({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'client-state',
    scope: 'gatehouse/tools.read gatehouse/tools.call',
    ...more,
  });

  const authorizeUrl = (query: Readonly<Record<string, string>> | URLSearchParams) =>
    new URL(`${gatehouse.publicUrl}/authorize?${new URLSearchParams(query)}`);

  const newBrowser = () => new Browser({ person, address: nextAddress() });

  const register = async (redirectUri = claudeRedirect, name = 'An app'): Promise<string> => {
    const body = JSON.stringify({ client_name: name, redirect_uris: [redirectUri] });
    const response = await send('/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return jsonOf(response)['client_id'] ?? '';
  };

  /** The consent page in a browser of its own. */
  const consent = async (
    clientId: string,
    redirectUri = claudeRedirect,
    browser = newBrowser(),
  ) => {
    const page = await browser.visit({
      method: 'GET',
      url: authorizeUrl(requestFor(clientId, redirectUri)),
    });
    const [form] = readPage(page.body).forms;
    const fields = Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, value]));
    return { browser, page, fields };
  };

  /** Posts a consent form from a browser's page. */
  const decide = (
    browser: Browser,
    page: Visit,
    fields: Readonly<Record<string, string>>,
    decision = 'approve',
  ) =>
    browser.visit(
      {
        method: 'POST',
        url: new URL(`${gatehouse.publicUrl}/consent`),
        body: new URLSearchParams({ ...fields, decision }),
      },
      page.url,
    );

  /** An approved login, before anybody signed in: the upstream URL and its state. */
  const approve = async (clientId: string, redirectUri = claudeRedirect) => {
    const { browser, page, fields } = await consent(clientId, redirectUri);
    const approved = await decide(browser, page, fields);
    const upstream = new URL(readPage(approved.body).refresh ?? 'about:blank');
    return { browser, approved, upstream, state: upstream.searchParams.get('state') ?? '' };
  };

  /** A whole login, up to the client's own code. */
  const logIn = async (clientId: string, redirectUri = claudeRedirect) => {
    const { last } = await newBrowser().walk(authorizeUrl(requestFor(clientId, redirectUri)));
    return { location: last.url, code: last.url.searchParams.get('code') ?? '' };
  };

  const redemption = (
    clientId: string,
    code: string,
    more: Readonly<Record<string, string>> = {},
  ) => ({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: claudeRedirect,
    code,
    code_verifier: verifier,
    ...more,
  });

  const redeem = (clientId: string, code: string, more: Readonly<Record<string, string>> = {}) =>
    post('/token', redemption(clientId, code, more));

  const refresh = (clientId: string, token: string, more: Readonly<Record<string, string>> = {}) =>
    post('/token', {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: token,
      ...more,
    });

  /** Names of the security events in the log since `from`. */
  const eventsSince = (from: number): readonly string[] =>
    gatehouse.logs
      .slice(from)
      .flatMap(({ line }) => /"message":"Security event".*?"event":"(\w+)"/.exec(line)?.[1] ?? []);

  /** An attack, and the security events that it left in the log (LOG-4). */
  const watched = async <T>(
    attack: () => Promise<T>,
  ): Promise<{ readonly reply: T; readonly events: readonly string[] }> => {
    const from = gatehouse.logs.length;
    const response = await attack();
    return { reply: response, events: eventsSince(from) };
  };

  return {
    send,
    post,
    requestFor,
    authorizeUrl,
    newBrowser,
    nextAddress,
    register,
    consent,
    decide,
    approve,
    logIn,
    redemption,
    redeem,
    refresh,
    watched,
    person,
    authorize: (query: Readonly<Record<string, string>> | URLSearchParams) =>
      send(`/authorize?${new URLSearchParams(query)}`, { method: 'GET' }),
  };
};

export type AuthorizationServerDriver = ReturnType<typeof authorizationServerDriver>;
