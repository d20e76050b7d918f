import { mcpMethods, protocolVersions } from '../../../policy/mcp-methods.ts';
import { type Check, expectStatus, expectThat, type Faults, type Target } from '../check.ts';
import { jsonMembers, type Response } from '../send.ts';

const [latest] = protocolVersions.legacy;

/** A message of a client that speaks a revision of 2025. */
interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number;
  readonly method: string;
  readonly params?: object;
}

const initialize = (protocolVersion: string): Message => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'gatehouse-doctor', version: '1' },
  },
});

/** Sends a message as a client of 2025 does. */
export const post = (
  { mcpUrl, send, token = '' }: Target,
  message: Message,
  protocolVersion: string = latest,
): Promise<Response> =>
  send({
    method: 'POST',
    url: mcpUrl,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(message.method !== 'initialize' && { 'mcp-protocol-version': protocolVersion }),
    },
    body: JSON.stringify(message),
  });

/** What a client makes of a status where it expected a result. */
const meanings: Readonly<Record<number, string>> = {
  401: 'The client takes its token for refused: it refreshes, is refused again, and gives up without a message.',
  403: 'The token lacks a scope, or the origin is not on the list: a client shows nothing.',
  404: 'The client takes its session for lost and begins anew, for ever.',
  406: 'The client does not accept what the server would send.',
  421: 'A proxy in front sends another host name.',
  429: "The user's limit is reached.",
};

/** A client's words for the step at which it fell silent. */
const seen = (step: string, { status, headers, body }: Response): string =>
  [
    `${step}: the client saw ${status}, ${headers.get('content-type') ?? 'no content type'}, ${JSON.stringify(body.slice(0, 160))}.`,
    ...(meanings[status] === undefined ? [] : [meanings[status]]),
  ].join(' ');

const holds = ({ body }: Response, member: 'result' | 'error'): boolean =>
  new RegExp(`"${member}"\\s*:`).test(body);

const isResult = (response: Response): boolean =>
  response.status === 200 &&
  /^(application\/json|text\/event-stream)\b/.test(response.headers.get('content-type') ?? '') &&
  holds(response, 'result') &&
  !holds(response, 'error');

/** One step of a client's first minute: what it sends, and whether it can go on. */
interface Step {
  readonly name: string;
  readonly send: (target: Target) => Promise<Response>;
  readonly goesOn: (response: Response) => boolean;
}

const steps: readonly Step[] = [
  ...protocolVersions.legacy.toReversed().map((version) => ({
    name: `initialize ${version}`,
    send: (target: Target) => post(target, initialize(version)),
    goesOn: (response: Response) =>
      isResult(response) && response.body.includes(`"protocolVersion":"${version}"`),
  })),
  {
    name: 'notifications/initialized',
    send: (target) => post(target, { jsonrpc: '2.0', method: 'notifications/initialized' }),
    goesOn: ({ status, body }) => status === 202 && body === '',
  },
  {
    // Clients open a stream next; one that is neither refused nor answered keeps them waiting.
    name: 'GET for a stream',
    send: ({ mcpUrl, send, token = '' }) =>
      send({
        url: mcpUrl,
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      }),
    goesOn: ({ status }) => status === 405,
  },
  {
    name: 'ping',
    send: (target) => post(target, { jsonrpc: '2.0', id: 2, method: 'ping' }),
    goesOn: isResult,
  },
  {
    name: 'tools/list',
    send: (target) => post(target, { jsonrpc: '2.0', id: 3, method: 'tools/list' }),
    goesOn: isResult,
  },
];

/** The claims of a token, which nobody here verifies; empty where it is no JWT. */
const claimsOf = (token: string): ReadonlyMap<string, unknown> => {
  const [, payload = ''] = token.split('.');
  const body = Buffer.from(payload, 'base64url').toString('utf8');
  return jsonMembers({ status: 0, headers: new Map(), body });
};

const tokenFaults = ({ mcpUrl, token = '' }: Target, now: number): Faults => {
  const claims = claimsOf(token);
  if (claims.size === 0) return ['The token is no JWT: it is not an access token of Cognito.'];
  const audience = [claims.get('aud')].flat();
  const expires = Number(claims.get('exp'));
  return [
    ...expectThat(
      audience.includes(mcpUrl),
      `The token is for ${audience.join(', ') || 'no resource'}, not for ${mcpUrl}.`,
    ),
    ...expectThat(
      expires > now,
      `The token ended ${Math.round(now - expires)} s ago: a client that does not refresh falls silent then.`,
    ),
    ...expectThat(
      claims.get('token_use') === 'access',
      `It is ${claims.get('token_use') === 'id' ? 'an ID token' : 'no access token'}.`,
    ),
    ...expectThat(String(claims.get('scope') ?? '') !== '', 'The token has no scope.'),
  ];
};

/** Methods of the protocol that exist and are not served, and one that nobody has. */
const unserved = [
  'logging/setLevel',
  'sampling/createMessage',
  'roots/list',
  'tools/delete',
].filter((method) => !mcpMethods.legacy.some((name) => name === method));

export const session: readonly Check[] = [
  {
    id: 'token',
    title: 'The token is what a client has after its login: for this resource, fresh and scoped',
    controls: ['AUTH-1'],
    fix: 'Another audience: the client left out `resource`, or the URL was changed after the login. Log in anew; a token lives for 15 minutes.',
    needs: 'token',
    run: async (target) => tokenFaults(target, Date.now() / 1000),
  },
  {
    id: 'first-minute',
    title:
      'After its login a client gets through initialize, initialized, its stream and tools/list',
    controls: ['AUTH-1'],
    fix: 'This is "OAuth completed, then silence": the first step that fails is where the client stopped. If all pass with this token, the client never came: compare its requests in the access log (docs/clients.md, "When a client does not connect").',
    needs: 'token',
    run: async (target) => {
      const notes: string[] = [];
      for (const { name, send, goesOn } of steps) {
        const startedAt = performance.now();
        const response = await send(target);
        if (!goesOn(response)) return { faults: [seen(name, response)], notes };
        notes.push(
          `${name}: ${response.status} in ${Math.round(performance.now() - startedAt)} ms`,
        );
      }
      return { faults: [], notes };
    },
  },
  {
    id: 'methods-with-token',
    title: 'With a token, /mcp still takes POST alone, and of MCP only the methods on the list',
    controls: ['IN-1'],
    fix: 'GET and DELETE exist to answer 405: see policy/endpoints.ts. The methods of MCP are policy/mcp-methods.ts.',
    needs: 'token',
    run: async (target) => {
      const { mcpUrl, send, token } = target;
      const faults: string[] = [];
      for (const method of ['GET', 'DELETE']) {
        const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
        const response = await send({ method, url: mcpUrl, headers });
        faults.push(...expectStatus(`${method} with a token`, response, 405));
      }
      for (const method of unserved) {
        const response = await post(target, { jsonrpc: '2.0', id: 9, method });
        faults.push(
          ...expectThat(
            holds(response, 'error') && response.body.includes('-32601'),
            `${method} is answered ${response.status} without the error -32601.`,
          ),
        );
      }
      return faults;
    },
  },
];
