import { type Check, expectStatus } from '../check.ts';

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** The same claims but for one, under the signature of the others. */
const altered = (token: string): string => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = Buffer.from(payload, 'base64url').toString('utf8');
  const others = claims.replace(/"sub":"./, '"sub":"0');
  const changed = others === claims ? claims.replace(/"sub":"./, '"sub":"1') : others;
  return [header, Buffer.from(changed).toString('base64url'), signature].join('.');
};

export const tokenMisuse: Check = {
  id: 'token-misuse',
  title: 'A good token counts in its header alone, unchanged, and from a listed origin',
  controls: ['AUTH-2', 'AUTH-11', 'CORS-5'],
  fix: 'The authorizer and the middleware of "mcp" decide this: take the stage offline and look at lambdas/authorizer and lambdas/middleware.',
  needs: 'token',
  run: async ({ mcpUrl, send, token = '' }) => {
    const json = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const post = (url: string, headers: Readonly<Record<string, string>>) =>
      send({ method: 'POST', url, headers: { ...json, ...headers }, body: ping });
    const bearer = { authorization: `Bearer ${token}` };
    const inUrl = `${mcpUrl}?access_token=${encodeURIComponent(token)}`;
    return [
      ...expectStatus(
        'A token that somebody changed',
        await post(mcpUrl, { authorization: `Bearer ${altered(token)}` }),
        401,
      ),
      ...expectStatus('A token in the URL', await post(inUrl, {}), 401),
      ...expectStatus(
        'A foreign origin with a good token',
        await post(mcpUrl, { ...bearer, origin: 'https://evil.example' }),
        403,
      ),
    ];
  },
};
