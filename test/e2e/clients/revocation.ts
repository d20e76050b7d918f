import * as z from 'zod';

const resourceMetadata = z.object({ authorization_servers: z.tuple([z.string()]) });
const serverMetadata = z.object({ revocation_endpoint: z.string() });

/**
 * What a client library does not do itself: RFC 7009, from the challenge to the revocation endpoint, by metadata alone.
 * The issuer's document is looked for as RFC 8414 section 3.1 says, and below the issuer where the host's root is not its own.
 */
export const revoke = async (fetch: typeof globalThis.fetch, mcpUrl: string, form: Record<string, string>): Promise<number> => {
  const refused = await fetch(mcpUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  const document = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const { authorization_servers: servers } = resourceMetadata.parse(await (await fetch(document)).json());
  const issuer = new URL(servers[0]);
  const path = issuer.pathname === '/' ? '' : issuer.pathname;
  for (const candidate of [
    `${issuer.origin}/.well-known/oauth-authorization-server${path}`,
    `${issuer.origin}${path}/.well-known/openid-configuration`,
  ]) {
    const found = serverMetadata.safeParse(await (await fetch(candidate)).json());
    if (found.success) return (await fetch(found.data.revocation_endpoint, { method: 'POST', body: new URLSearchParams(form) })).status;
  }
  throw new Error(`No metadata of ${issuer} names a revocation endpoint.`);
};
