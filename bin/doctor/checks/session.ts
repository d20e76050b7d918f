import { type Check, expectStatus, expectThat, type Faults, type Target } from '../check.ts';
import type { Response } from '../send.ts';

const protocolVersion = '2025-06-18';

const messages = {
  initialize: {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'gatehouse-doctor', version: '1' },
    },
  },
  'notifications/initialized': { jsonrpc: '2.0', method: 'notifications/initialized' },
  'tools/list': { jsonrpc: '2.0', id: 2, method: 'tools/list' },
} as const;

type Step = keyof typeof messages;

const post = ({ mcpUrl, send, token = '' }: Target, step: Step): Promise<Response> =>
  send({
    method: 'POST',
    url: mcpUrl,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(step !== 'initialize' && { 'mcp-protocol-version': protocolVersion }),
    },
    body: JSON.stringify(messages[step]),
  });

/** A client's words for the step at which it fell silent. */
const seen = (step: string, { status, headers, body }: Response): string =>
  `${step}: the client saw ${status}, ${headers.get('content-type') ?? 'no content type'}, ${JSON.stringify(body.slice(0, 160))}.`;

const holdsResult = ({ body }: Response): boolean =>
  /"result"\s*:/.test(body) && !/"error"\s*:/.test(body);

const walk = async (target: Target): Promise<Faults> => {
  const initialized = await post(target, 'initialize');
  if (initialized.status !== 200 || !holdsResult(initialized))
    return [seen('initialize', initialized)];
  const notified = await post(target, 'notifications/initialized');
  if (notified.status !== 202 || notified.body !== '')
    return [seen('notifications/initialized', notified)];
  const listed = await post(target, 'tools/list');
  return expectThat(listed.status === 200 && holdsResult(listed), seen('tools/list', listed));
};

export const session: readonly Check[] = [
  {
    id: 'first-minute',
    title: 'After its login a client gets through initialize, initialized and tools/list',
    controls: ['AUTH-1'],
    fix: 'This is "OAuth completed, then silence". 401: the token is for another resource, or expired. 403: its scopes or its origin. 429: its user\'s limit. Else look for the request id in the log of "mcp".',
    needs: 'token',
    run: walk,
  },
  {
    id: 'methods-with-token',
    title: 'With a token, /mcp still takes POST alone',
    controls: ['IN-1'],
    fix: 'GET and DELETE exist to answer 405: see policy/endpoints.ts.',
    needs: 'token',
    run: async ({ mcpUrl, send, token }) => {
      const faults: string[] = [];
      for (const method of ['GET', 'DELETE']) {
        const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
        const response = await send({ method, url: mcpUrl, headers });
        faults.push(...expectStatus(`${method} with a token`, response, 405));
      }
      return faults;
    },
  },
];
