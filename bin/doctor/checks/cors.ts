import { allowedOrigins, corsMethods } from '../../../policy/cors.ts';
import { endpoints, wellKnown } from '../../../policy/endpoints.ts';
import { type Check, expectStatus, expectThat, type Faults, type Target } from '../check.ts';
import type { Request, Response } from '../send.ts';

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

const namesIn = (response: Response, header: string): readonly string[] =>
  (response.headers.get(header) ?? '').split(',').map((name) => name.trim());

const headerNames = (response: Response): readonly string[] =>
  namesIn(response, 'access-control-allow-headers').map((name) => name.toLowerCase());

const allowed = (origin: string, response: Response): Faults => [
  ...expectStatus(`A preflight of ${origin}`, response, 204),
  ...expectThat(
    response.headers.get('access-control-allow-origin') === origin,
    `${origin} is not allowed by name: ${response.headers.get('access-control-allow-origin')}`,
  ),
  ...expectThat(
    ['authorization', 'content-type', 'mcp-protocol-version'].every((name) =>
      headerNames(response).includes(name),
    ),
    `${origin} may not send all headers of MCP: ${headerNames(response)}`,
  ),
  ...expectThat(!headerNames(response).includes('*'), `${origin} may send any header.`),
  ...namesIn(response, 'access-control-allow-methods').flatMap((method) =>
    expectThat(
      corsMethods.some((name) => name === method),
      `${origin} may use the method ${method || '(none is named)'}.`,
    ),
  ),
  ...expectThat(
    !response.headers.has('access-control-allow-credentials'),
    `${origin} may send cookies.`,
  ),
];

interface Visit {
  readonly what: string;
  readonly request: Request;
}

/** The matrix: what succeeds, what a function refuses, and what the gateway refuses. */
const visits = ({ issuer, mcpUrl }: Target): readonly Visit[] => [
  { what: 'a discovery document', request: { url: `${issuer}${wellKnown.authorizationServer}` } },
  {
    what: 'an OAuth error',
    request: {
      method: 'POST',
      url: `${issuer}${endpoints.token.path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=b',
    },
  },
  {
    what: 'a refusal by the gateway',
    request: {
      method: 'POST',
      url: mcpUrl,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    },
  },
];

export const cors: readonly Check[] = [
  {
    id: 'cors-listed',
    title: 'Each listed origin is allowed by name, without credentials',
    controls: ['CORS-1', 'CORS-3', 'CORS-4'],
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
  {
    id: 'cors-responses',
    title: 'Results and refusals name a listed origin, and no other',
    controls: ['CORS-1', 'CORS-4', 'CORS-5'],
    fix: 'Without the header a browser hides the answer from its page: a refusal by the gateway has it from the gateway responses, all others from the middleware.',
    run: async (target) => {
      const faults: string[] = [];
      for (const { what, request } of visits(target))
        for (const [origin, wanted] of [
          [first, first],
          ['https://evil.example', undefined],
        ] as const) {
          const headers = { ...request.headers, origin };
          const response = await target.send({ ...request, headers });
          const sent = response.headers.get('access-control-allow-origin');
          faults.push(
            ...expectThat(
              !response.headers.has('access-control-allow-credentials'),
              `${what}, asked by ${origin}, is for requests with cookies.`,
            ),
            ...expectThat(
              sent === wanted,
              `${what}, asked by ${origin}, allows ${sent ?? 'nobody'}.`,
            ),
          );
        }
      return faults;
    },
  },
];
