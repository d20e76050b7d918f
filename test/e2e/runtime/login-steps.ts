import { createHash, randomBytes } from 'node:crypto';
import type { Gatehouse } from '../../../local/runtime.ts';
import { CookieJar } from '../browser/cookie-jar.ts';
import { readPage } from '../browser/html.ts';
import { header, type Received, type Sending, sender } from './send.ts';

export const claudeRedirect = 'https://claude.ai/api/mcp/auth_callback';

const newVerifier = (): string => randomBytes(32).toString('base64url');
const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** A request of a login that is ready to be sent, now or when something is broken. */
export type Ready = (more?: Sending['headers']) => Promise<Received>;

export interface Secrets {
  readonly verifier: string;
  readonly state: string;
}

/**
 * A login in single steps: each function goes as far as the request that it is named after, and
 * gives that request back unsent. One browser per instance: it keeps its cookies, and with them its
 * approval and its session at Cognito.
 */
export const loginSteps = (
  gatehouse: Gatehouse,
  redirectUri = claudeRedirect,
  scope = 'gatehouse/tools.read gatehouse/tools.call',
) => {
  const jar = new CookieJar();
  const issuer = new URL(gatehouse.publicUrl);
  const prefix = issuer.pathname.replace(/\/$/, '');
  const [person] = gatehouse.users;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  const visit = async (
    method: string,
    url: URL,
    body?: URLSearchParams,
    more: Sending['headers'] = {},
  ): Promise<Received> => {
    const cookie = jar.header(url, method, false);
    const response = await sender(Number(url.port))({
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: 'text/html',
        ...(cookie !== '' && { cookie }),
        ...(body && form),
        ...more,
      },
      ...(body && { body: body.toString() }),
    });
    jar.store(url, response.headers.get('set-cookie') ?? []);
    return response;
  };

  const post =
    (path: string, fields: Readonly<Record<string, string>>): Ready =>
    (more) =>
      sender(gatehouse.port)({
        method: 'POST',
        path: `${prefix}${path}`,
        body: new URLSearchParams(fields).toString(),
        headers: { ...form, ...more },
      });

  /** The one form of a page, filled in. */
  const submission = (
    page: Received,
    base: URL,
    more: Readonly<Record<string, string>>,
  ): readonly [URL, URLSearchParams] => {
    const [found] = readPage(page.body).forms;
    if (!found) throw new Error(`There is no form on a page that was answered ${page.status}.`);
    const values = new URLSearchParams(
      Object.fromEntries(found.fields.map(({ name, value }) => [name, value])),
    );
    for (const field of found.fields) {
      if (field.type === 'password') values.set(field.name, person?.password ?? '');
      else if (field.type !== 'hidden') values.set(field.name, person?.email ?? '');
    }
    for (const [name, value] of Object.entries(more)) values.set(name, value);
    return [new URL(found.action, base), values];
  };

  const secrets = (): Secrets => ({ verifier: newVerifier(), state: newVerifier() });

  const register: Ready = (more) =>
    sender(gatehouse.port)({
      method: 'POST',
      path: `${prefix}/register`,
      headers: { 'content-type': 'application/json', ...more },
      body: JSON.stringify({ client_name: 'A client', redirect_uris: [redirectUri] }),
    });

  const authorizeUrl = (clientId: string, { verifier, state }: Secrets): URL => {
    const url = new URL(`${gatehouse.publicUrl}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      state,
      resource: gatehouse.mcpUrl,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
      scope,
    }).toString();
    return url;
  };

  const authorize =
    (clientId: string, given = secrets()): Ready =>
    (more) =>
      visit('GET', authorizeUrl(clientId, given), undefined, more);

  /** Asked anew each time: `prompt=consent`. */
  const consent = async (
    clientId: string,
    given = secrets(),
    decision = 'approve',
  ): Promise<Ready> => {
    const url = authorizeUrl(clientId, given);
    url.searchParams.set('prompt', 'consent');
    const [action, values] = submission(await visit('GET', url), url, { decision });
    return (more) => visit('POST', action, values, more);
  };

  /**
   * Approves and signs in, where that is not remembered; gives back Cognito's redirect to
   * `/callback`.
   */
  const callback = async (clientId: string, given = secrets()): Promise<Ready> => {
    let response = await visit('GET', authorizeUrl(clientId, given));
    if (response.status === 200) response = await (await consent(clientId, given))();
    let url = new URL(header(response, 'location') ?? readPage(response.body).refresh ?? '');
    response = await visit('GET', url);
    for (
      let step = 0;
      step < 4 && !header(response, 'location')?.startsWith(gatehouse.publicUrl);
      step += 1
    ) {
      const location = header(response, 'location');
      const [next, values] =
        location === undefined
          ? submission(response, url, {})
          : [new URL(location, url), undefined];
      url = next;
      response = await visit(values ? 'POST' : 'GET', url, values);
    }
    const target = new URL(header(response, 'location') ?? '');
    return (more) => visit('GET', target, undefined, more);
  };

  const redemption = async (clientId: string, given = secrets()): Promise<Ready> => {
    const response = await (await callback(clientId, given))();
    const code = new URL(header(response, 'location') ?? '').searchParams.get('code') ?? '';
    const fields = {
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: given.verifier,
    };
    return post('/token', fields);
  };

  const tokens = async (
    clientId: string,
    given = secrets(),
  ): Promise<{ readonly access: string; readonly refresh: string }> => {
    const response = await (await redemption(clientId, given))();
    const { access_token: access, refresh_token: refresh } = JSON.parse(response.body);
    return { access, refresh };
  };

  return {
    jar,
    prefix,
    secrets,
    register,
    authorizeUrl,
    authorize,
    consent,
    callback,
    redemption,
    tokens,
    post,
    clientId: async (): Promise<string> => JSON.parse((await register()).body).client_id,
    refreshment: (clientId: string, token: string): Ready =>
      post('/token', { grant_type: 'refresh_token', client_id: clientId, refresh_token: token }),
    revocation: (clientId: string, token: string): Ready =>
      post('/revoke', { client_id: clientId, token }),
  };
};
