import { randomUUID } from 'node:crypto';
import type { Gatehouse } from '../../../local/runtime.ts';
import { allowedOrigins } from '../../../policy/cors.ts';
import { sizes } from '../../../policy/limits.ts';
import { faultsOf, fromGateway } from './response-rules.ts';
import { type Route, routesOf } from './routes.ts';
import { type Received, type Sending, sender } from './send.ts';

export interface Crawl {
  readonly visits: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** `POST /mcp (foreign origin, no token): what is wrong` */
  readonly faults: readonly string[];
}

interface Visit {
  readonly name: string;
  readonly route: Route;
  readonly sending: Sending;
  readonly origin?: string | undefined;
  /** Nothing is odd about it but its origin and token. */
  readonly isPlain?: true;
}

export const listedOrigins: readonly string[] = [
  ...allowedOrigins.production,
  ...allowedOrigins.development,
];

const origins: Readonly<Record<string, string | undefined>> = {
  'no origin': undefined,
  'listed origin': allowedOrigins.production[0],
  'foreign origin': 'https://evil.example',
  'opaque origin': 'null',
  'origin that begins like a listed one': `${allowedOrigins.production[0]}.evil.example`,
};

const form = 'application/x-www-form-urlencoded';
const bodyOf = (path: string) =>
  ['/mcp', '/register'].includes(path)
    ? { type: 'application/json', good: '{"jsonrpc":"2.0","id":1,"method":"ping"}' }
    : { type: form, good: 'a=b' };

/** Bodies that a POST may be sent with; the good ones are well formed and nothing more. */
const bodies = (
  path: string,
): Readonly<Record<string, { readonly type?: string; readonly body?: string }>> => {
  const { type, good } = bodyOf(path);
  return {
    'well-formed body': { type, body: good },
    'no body': { type },
    'malformed body': { type, body: type === form ? '%%%=%zz&&&=&a' : '{"jsonrpc":' },
    'body of zero bytes and control characters': { type, body: '\u0000\u0001\u001b[31m\r\n' },
    'body of another type': { type: 'text/plain', body: good },
    'body in another charset': { type: `${type}; charset=utf-16`, body: good },
    'body without a type': { body: good },
    'body over 256 KB': { type, body: `${good}${' '.repeat(sizes.bodyBytes)}` },
    'deeply nested body': {
      type,
      body: '['.repeat(sizes.jsonDepth + 1) + ']'.repeat(sizes.jsonDepth + 1),
    },
  };
};

/** Past API Gateway's own limit, where no function is asked. */
const hugeBody = Buffer.alloc(10 * 1024 * 1024 + 1, 0x20);

const withToken = (token: string | undefined) =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const visitsOf = (
  route: Route,
  tokens: Readonly<Record<string, () => string | undefined>>,
  prefix: string,
): Visit[] => {
  const { method, path } = route;
  const { type, good } = bodyOf(path);
  const content = method === 'POST' ? { body: good } : {};
  const visit = (
    name: string,
    headers: Sending['headers'],
    more: Partial<Sending> = {},
  ): Visit => ({
    name: `${method} ${path} (${name})`,
    route,
    sending: { method, path: `${prefix}${path}`, ...more, headers: headers ?? {} },
    ...(typeof headers?.['origin'] === 'string' && { origin: headers['origin'] }),
  });
  const requested = (
    name: string,
    origin: string | undefined,
    token: string | undefined,
  ): Visit => {
    const headers = {
      ...(origin !== undefined && { origin }),
      ...(method === 'OPTIONS' && {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      }),
      ...(method === 'POST' && { 'content-type': type }),
      ...withToken(token),
    };
    return { ...visit(name, headers, content), isPlain: true };
  };
  // Only /mcp looks at tokens; a preflight carries none, and elsewhere one must change nothing.
  const onMcp = method === 'OPTIONS' ? 1 : undefined;
  const bearers = Object.entries(tokens).slice(0, path === '/mcp' ? onMcp : 2);
  const crossed = Object.entries(origins).flatMap(([from, origin]) =>
    bearers.map(([who, token]) => requested(`${from}, ${who}`, origin, token())),
  );
  const good_ = tokens['good token']?.();
  const sent =
    method !== 'POST'
      ? []
      : [
          ...Object.entries(bodies(path)).map(([name, body]) =>
            visit(
              name,
              { ...withToken(good_), ...(body.type && { 'content-type': body.type }) },
              body.body === undefined ? {} : { body: body.body },
            ),
          ),
          visit(
            'body over 10 MB',
            { ...withToken(good_), 'content-type': type },
            { body: hugeBody },
          ),
        ];
  const shapes = [
    visit('trailing slash', {}, { path: `${prefix}${path.replace(/\/$/, '')}/`, ...content }),
    visit('repeated query parameter', {}, { path: `${prefix}${path}?a=1&a=2`, ...content }),
    visit('token in the query', {}, { path: `${prefix}${path}?access_token=secret`, ...content }),
    visit(
      'control characters in the query',
      {},
      { path: `${prefix}${path}?state=%00%0d%0aSet-Cookie:x=1&%E2%80%AE=%1b`, ...content },
    ),
    visit(
      'header that may stand once stands twice',
      { 'mcp-method': ['ping', 'tools/call'], ...withToken(good_) },
      content,
    ),
    visit('known entity tag', { 'if-none-match': '*' }, content),
  ];
  return [...crossed, ...sent, ...shapes];
};

/** What nobody has made a route of. */
const strayVisits = (routes: readonly Route[], prefix: string): Visit[] => {
  const paths = [
    '/nothing',
    '/mcp/nothing',
    '/.well-known/nothing',
    '/register/client_1',
    '/admin',
    '/%2e%2e/mcp',
    '/%zz',
    '/mcp%00',
  ];
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
  const known = new Set(routes.map(({ path, method }) => `${method} ${path}`));
  const missing = [...new Set(routes.map(({ path }) => path))].flatMap((path) =>
    methods.map((method) => ({ path, method })),
  );
  return [...paths.flatMap((path) => methods.map((method) => ({ path, method }))), ...missing]
    .filter(({ path, method }) => !known.has(`${method} ${path}`))
    .map(({ path, method }) => {
      const origin = 'https://claude.ai';
      const headers = method === 'HEAD' ? {} : { origin };
      const route = { method, path, endpoint: undefined };
      return {
        name: `${method} ${path} (no such route)`,
        route,
        sending: { method, path: `${prefix}${path}`, headers },
        origin,
      };
    });
};

/** What the answer must be beside carrying the right headers. */
const statusFaults = (
  { route, origin, name, isPlain }: Visit,
  { status, headers }: Received,
): string[] => {
  const isListed = origin === undefined || listedOrigins.includes(origin);
  const says = (wanted: boolean, fault: string) => (wanted ? [] : [`${fault} (${status})`]);
  if (route.endpoint === undefined) return says(status >= 400, 'an unknown route is served');
  if (!isPlain || route.path !== '/mcp')
    return says(
      status < 500 && (!isPlain || route.method !== 'OPTIONS' || status === 204),
      'a fault of ours',
    );
  if (isListed && route.method === 'OPTIONS')
    return says(status === 204, 'a preflight is not answered 204');
  if (!isListed) return says(status === 403, 'a foreign origin is not refused');
  if (/good token/.test(name)) return says(![401, 403].includes(status), 'a good token is refused');
  return says(
    status === 401 && headers.has('www-authenticate'),
    'a missing or bad token is not challenged',
  );
};

/**
 * Visits every method of every path of the template, and what is no route, with tokens, origins and
 * bodies of every kind.
 * @param only - the paths to visit; all of them unless given
 */
export const crawl = async (
  gatehouse: Gatehouse,
  only: (path: string) => boolean = () => true,
): Promise<Crawl> => {
  const prefix = new URL(gatehouse.publicUrl).pathname.replace(/\/$/, '');
  const send = sender(gatehouse.port);
  const routes = routesOf(gatehouse.stack).filter(({ path }) => only(path));
  const mint = (more: object = {}) =>
    gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub: randomUUID() }, ...more });
  const pool = await Promise.all(Array.from({ length: 64 }, () => mint()));
  const [expired = '', foreign = '', narrow = ''] = await Promise.all([
    mint({ claims: { sub: randomUUID(), exp: 1 } }),
    mint({ resource: 'https://elsewhere.example/mcp' }),
    mint({ scopes: [] }),
  ]);
  let taken = 0;
  // Of another user each time: nobody is to run into their limit here.
  const good = () => pool[taken++ % pool.length];
  const tokens = {
    'no token': () => undefined,
    'good token': good,
    'no JWT': () => 'nonsense',
    'expired token': () => expired,
    'token for another resource': () => foreign,
  };
  const visits = [
    ...routes.flatMap((route) => visitsOf(route, tokens, prefix)),
    ...strayVisits(routes, prefix),
  ];
  const surroundings = {
    allowedOrigins: listedOrigins,
    internals: [gatehouse.stack.deployment.account, gatehouse.table.endpoint, narrow],
  };
  const statuses: Record<string, number> = {};
  const faults: string[] = routes
    .filter(({ endpoint }) => endpoint === undefined)
    .map(({ method, path }) => `${method} ${path}: not in the policy`);

  const queue = [...visits];
  const walk = async (): Promise<void> => {
    for (let visit = queue.shift(); visit !== undefined; visit = queue.shift()) {
      // The stage's throttle on registrations is for all callers together.
      if (visit.route.path === '/register') gatehouse.clock.advance(250);
      const response = await send(visit.sending);
      const category = `${response.status}${fromGateway(response) ? ' by the gateway' : ''}`;
      statuses[category] = (statuses[category] ?? 0) + 1;
      const { route, origin } = visit;
      const requested = { method: route.method, origin, endpoint: route.endpoint };
      for (const fault of [
        ...faultsOf(response, requested, surroundings),
        ...statusFaults(visit, response),
      ])
        faults.push(`${visit.name}: ${fault}`);
    }
  };
  await Promise.all([walk(), walk(), walk(), walk()]);
  return { visits: visits.length, statuses, faults };
};
