import { allowedOrigins } from '../../../policy/cors.ts';
import { type Check, expectStatus, expectThat, type Faults, type Target } from '../check.ts';
import type { Response } from '../send.ts';

const preflight = ({ mcpUrl, send }: Target, origin: string): Promise<Response> =>
  send({
    method: 'OPTIONS',
    url: mcpUrl,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, mcp-protocol-version',
    },
  });

const [first] = allowedOrigins.production;

/** Origins that comparisons which are not exact take for a listed one. */
const foreign = [
  'https://evil.example',
  'null',
  `${first}.evil.example`,
  first.replace('claude', 'CLAUDE'),
  `${first}/`,
];

const names = (response: Response): string =>
  (response.headers.get('access-control-allow-headers') ?? '').toLowerCase();

const allowed = (origin: string, response: Response): Faults => [
  ...expectStatus(`A preflight of ${origin}`, response, 204),
  ...expectThat(
    response.headers.get('access-control-allow-origin') === origin,
    `${origin} is not allowed by name: ${response.headers.get('access-control-allow-origin')}`,
  ),
  ...expectThat(
    ['authorization', 'content-type', 'mcp-protocol-version'].every((name) =>
      names(response).includes(name),
    ),
    `${origin} may not send all headers of MCP: ${names(response)}`,
  ),
  ...expectThat(
    !response.headers.has('access-control-allow-credentials'),
    `${origin} may send cookies.`,
  ),
];

export const cors: readonly Check[] = [
  {
    id: 'cors-listed',
    title: 'Each listed origin is allowed by name, without credentials',
    controls: ['CORS-1', 'CORS-4'],
    fix: 'The list is policy/cors.ts and "allowedOrigins" of the configuration.',
    run: async (target) => {
      const faults: string[] = [];
      for (const origin of allowedOrigins.production)
        faults.push(...allowed(origin, await preflight(target, origin)));
      return faults;
    },
  },
  {
    id: 'cors-foreign',
    title: 'No other origin is allowed, however similar',
    controls: ['CORS-1', 'CORS-5'],
    fix: 'Something in front of the functions adds CORS headers, or the list was widened.',
    run: async (target) => {
      const faults: string[] = [];
      for (const origin of foreign) {
        const response = await preflight(target, origin);
        faults.push(
          ...expectThat(
            !response.headers.has('access-control-allow-origin'),
            `${origin} is allowed: ${response.headers.get('access-control-allow-origin')}`,
          ),
        );
      }
      return faults;
    },
  },
];
