import * as z from 'zod';

const resourceMetadata = z.object({ authorization_servers: z.tuple([z.string()]) });
const serverMetadata = z.object({ revocation_endpoint: z.string(), token_endpoint: z.string() });

/**
 * The issuer's metadata, found as a client finds it: from the challenge to the resource's document,
 * then where RFC 8414 section 3.1 says, and below the issuer where the host's root is not its own.
 */
const discover = async (fetch: typeof globalThis.fetch, mcpUrl: string) => {
  const refused = await fetch(mcpUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const document =
    /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const { authorization_servers: servers } = resourceMetadata.parse(
    await (await fetch(document)).json(),
  );
  const { origin, pathname } = new URL(servers[0]);
  const path = pathname === '/' ? '' : pathname;
  for (const candidate of [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/oauth-authorization-server`,
  ]) {
    const found = serverMetadata.safeParse(await (await fetch(candidate)).json());
    if (found.success) return found.data;
  }
  throw new Error(`No metadata of ${servers[0]} names a revocation endpoint.`);
};

export interface Kept {
  readonly clientId: string;
  readonly refreshToken: string;
}

/**
 * RFC 7009, which the client libraries leave to their hosts; then what the token endpoint says to
 * the dead token.
 */
export const revokeAndRefresh = async (
  fetch: typeof globalThis.fetch,
  mcpUrl: string,
  { clientId, refreshToken }: Kept,
): Promise<unknown> => {
  const { revocation_endpoint, token_endpoint } = await discover(fetch, mcpUrl);
  const post = (url: string, form: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...form }) });
  const revoked = await post(revocation_endpoint, {
    token: refreshToken,
    token_type_hint: 'refresh_token',
  });
  if (revoked.status !== 200) throw new Error(`The revocation was answered ${revoked.status}.`);
  return errorOf(
    await post(token_endpoint, { grant_type: 'refresh_token', refresh_token: refreshToken }),
  );
};

const received = z.looseObject({ error: z.string().optional() });

const errorOf = async (response: Response) => ({
  status: response.status,
  error: received.parse(await response.json()).error,
});
