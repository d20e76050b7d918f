import { corsExposedHeaders, corsMethods, corsRequestHeaders } from '../../policy/cors.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ForeignOrigin } from '../errors/errors.ts';
import type { HttpResponse } from '../http/request.ts';
import type { SecuredOptions } from './options.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * G: pages of listed origins may read answers; credentials never. Not `@middy/http-cors`: its
 * answer to a preflight skips every later middleware (so the header table), and it names `Vary:
 * Origin` only when the list is longer than one.
 */
export const cors = ({
  cors,
  settings,
  authenticate,
  corsRequestHeaders: more = [],
}: SecuredOptions): Middleware => {
  const listed = new Set(settings.ALLOWED_ORIGINS);
  const preflight = {
    'access-control-allow-methods': corsMethods.join(', '),
    'access-control-allow-headers': [...corsRequestHeaders, ...more].join(', '),
    'access-control-max-age': String(lifetimes.preflightSeconds),
  };
  const exposed = corsExposedHeaders.join(', ');

  const add: NonNullable<Middleware['after']> = (request) => {
    if (!request.response || cors === 'same-origin') return;
    const { httpMethod, headers } = request.event;
    const origin = headers?.['origin'];
    const allowed = origin !== undefined && listed.has(origin);
    request.response = {
      ...request.response,
      headers: {
        ...request.response.headers,
        // Caches must not hand one origin's answer to another, whether or not this one was allowed.
        vary: 'Origin',
        ...(allowed && {
          'access-control-allow-origin': origin,
          'access-control-expose-headers': exposed,
        }),
        ...(allowed && httpMethod === 'OPTIONS' && preflight),
      },
    };
  };

  return {
    before: ({ event }) => {
      const request = requestOf(event);
      const { origin } = request.headers;
      if (cors === 'same-origin' || origin === undefined || listed.has(origin)) return;
      // CORS-5. Public endpoints answer without CORS headers, so a foreign page learns nothing:
      // their data is public or needs a code.
      if (authenticate) throw new ForeignOrigin({ detail: `origin ${origin}` });
      if (event.httpMethod === 'OPTIONS')
        request.securityEvent('CorsViolation', { origin, method: 'OPTIONS' });
    },
    after: add,
    onError: add,
  };
};

/** What an OPTIONS request gets (CORS-6); the headers come from the middlewares. */
export const preflightResponse: HttpResponse = { statusCode: 204, body: '' };
