import { endpoints } from '../../../policy/endpoints.ts';
import { type Check, expectStatus, expectThat } from '../check.ts';
import { jsonMembers } from '../send.ts';

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export const challenge: readonly Check[] = [
  {
    id: 'challenge',
    title: 'A request without a token gets a real challenge whose resource_metadata leads on',
    controls: ['AUTH-9'],
    fix: 'The challenge is the gateway response UNAUTHORIZED. A name like x-amzn-remapped-www-authenticate means that a function answered instead of the authorizer.',
    run: async ({ mcpUrl, send }) => {
      const faults: string[] = [];
      for (const method of endpoints.mcp.methods) {
        const content = method === 'POST' ? { headers: json, body: ping } : {};
        const response = await send({ method, url: mcpUrl, ...content });
        const header = response.headers.get('www-authenticate') ?? '';
        faults.push(
          ...expectStatus(`${method} without a token`, response, 401),
          ...expectThat(
            /^Bearer .*resource_metadata="[^"]+"/.test(header),
            `${method} without a token has no WWW-Authenticate: Bearer resource_metadata="…".`,
          ),
        );
        if (method !== 'POST') continue;
        const [, url = ''] = /resource_metadata="([^"]+)"/.exec(header) ?? [];
        // What a server names is not fetched from elsewhere: it might be this computer's own network.
        const isOurs = URL.canParse(url) && new URL(url).origin === new URL(mcpUrl).origin;
        const document = isOurs ? jsonMembers(await send({ url })) : new Map();
        faults.push(
          ...expectThat(
            document.get('resource') === mcpUrl,
            `resource_metadata (${url || 'absent'}) does not lead to a document of ${mcpUrl}.`,
          ),
        );
      }
      return faults;
    },
  },
  {
    id: 'bad-tokens',
    title: 'A token that nobody signed is refused as a missing one is',
    controls: ['AUTH-1', 'AUTH-2'],
    fix: 'The authorizer lets a token through that it could not verify: take the stage offline and look at lambdas/access-token.',
    run: async ({ mcpUrl, send }) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const unsigned = `${part({ alg: 'none' })}.${part({ sub: 'doctor', aud: mcpUrl })}.`;
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub: 'doctor', aud: mcpUrl, token_use: 'access', iat: now, exp: now + 900 };
      const signature = Buffer.alloc(256, 1).toString('base64url');
      const forged = `${part({ alg: 'RS256', kid: 'doctor' })}.${part(claims)}.${signature}`;
      const tokens = {
        nonsense: 'nonsense',
        'an unsigned token': unsigned,
        "a token under nobody's signature": forged,
      };
      const faults: string[] = [];
      for (const [what, token] of Object.entries(tokens)) {
        const headers = { ...json, authorization: `Bearer ${token}` };
        const response = await send({ method: 'POST', url: mcpUrl, headers, body: ping });
        faults.push(...expectStatus(`POST with ${what}`, response, 401));
      }
      return faults;
    },
  },
];
