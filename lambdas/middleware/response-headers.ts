import { contentSecurityPolicy, literalHeaders, removedHeaders } from '../../policy/headers.ts';
import { lowerCased } from '../http/headers.ts';
import { corsHeaders, isSent } from './cors.ts';
import type { StackOptions } from './options.ts';
import type { Middleware } from './request-context.ts';
import { discovery, isStrict, statedHeaders } from './security-headers.ts';

type MiddyRequest = Parameters<NonNullable<Middleware['after']>>[0];

/** Requests whose responses have the same headers, and which those are. */
interface HeaderRows {
  /** It names an origin that is listed. */
  readonly allowed: boolean;
  readonly preflight: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * F and G: CORS and the header table, laid over every response. The packages write them, asked once
 * for each kind of request (which listed origin it names, and whether it is a preflight), as nothing
 * else decides what they write: every call would wait for the same again. Registered above every
 * middleware that makes a response, and so running after it. Names are in lower case, as HTTP/2 sends
 * them; what a handler wrote of the same name does not count.
 */
export const responseHeaders = (
  options: Pick<StackOptions, 'cors' | 'settings' | 'corsRequestHeaders'>,
): Middleware => {
  const crossOrigin = options.cors === 'cross-origin';
  const listed = new Set(crossOrigin ? options.settings.ALLOWED_ORIGINS : []);
  const packages = [...(crossOrigin ? [corsHeaders(options)] : []), statedHeaders()];
  const fixed = {
    // Caches must not hand one origin's response to another, whether or not this one was allowed.
    ...(crossOrigin && { vary: 'Origin' }),
    ...literalHeaders,
    'content-security-policy': contentSecurityPolicy[options.settings.ENVIRONMENT],
  };

  const newRows = (request: MiddyRequest, allowed: boolean, preflight: boolean): HeaderRows => {
    const response = { statusCode: 200, headers: {}, body: '' };
    const blank = { ...request, error: null, response };
    for (const { after } of packages) after?.(blank);
    const written = lowerCased(blank.response.headers);
    const sent = Object.entries(written).filter(([name]) => isSent(name, { allowed, preflight }));
    return { allowed, preflight, headers: { ...Object.fromEntries(sent), ...fixed } };
  };

  const kept = new Map<string, HeaderRows>();
  const rowsOf = (request: MiddyRequest): HeaderRows => {
    const { httpMethod, headers } = request.event;
    const origin = headers?.['origin'] ?? '';
    const allowed = listed.has(origin);
    const preflight = httpMethod === 'OPTIONS';
    const key = `${preflight ? 'preflight' : ''} ${allowed ? origin : ''}`;
    let rows = kept.get(key);
    if (rows === undefined) {
      rows = newRows(request, allowed, preflight);
      kept.set(key, rows);
    }
    return rows;
  };

  const write: NonNullable<Middleware['after']> = (request) => {
    const { response } = request;
    if (!response) return;
    const rows = rowsOf(request);
    const own = ownHeaders(response.headers, rows);
    const headers: Record<string, string> = { ...own, ...rows.headers };
    const { 'content-security-policy': policy, 'cache-control': caching } = own;
    if (isStrict(policy)) headers['content-security-policy'] = policy;
    // The one exception that the policy knows.
    if (caching === discovery) headers['cache-control'] = discovery;
    // Another object: what a handler returns may be a constant that every caller shares.
    request.response = { ...response, headers };
  };
  return { after: write, onError: write };
};

const removed: ReadonlySet<string> = new Set(removedHeaders);

/** What a handler may say, in lower case; of two spellings the later one counts. */
const ownHeaders = (
  given: Readonly<Record<string, string>> = {},
  rows: HeaderRows,
): Readonly<Record<string, string>> => {
  const own: Record<string, string> = {};
  for (const spelling in given) {
    const name = spelling.toLowerCase();
    const value = given[spelling];
    if (value !== undefined && !removed.has(name) && isSent(name, rows)) own[name] = value;
  }
  return own;
};
