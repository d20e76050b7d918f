import httpCors from '@middy/http-cors';
import { corsExposedHeaders, corsMethods, corsRequestHeaders } from '../../policy/cors.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ForeignOrigin } from '../errors/errors.ts';
import type { HttpResponse } from '../http/request.ts';
import type { StackOptions } from './options.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * G: `@middy/http-cors` writes the headers by which pages of listed origins may read a response;
 * credentials never. `getOrigin` compares exactly: the package's own comparison takes
 * `https://CLAUDE.ai` for `https://claude.ai`.
 */
export const corsHeaders = ({
  settings,
  corsRequestHeaders: more = [],
}: Pick<StackOptions, 'settings' | 'corsRequestHeaders'>) => {
  const listed = new Set(settings.ALLOWED_ORIGINS);
  return httpCors({
    origins: [...listed],
    getOrigin: (incoming) => (listed.has(incoming) ? incoming : null),
    methods: corsMethods.join(', '),
    headers: [...corsRequestHeaders, ...more].join(', '),
    exposeHeaders: corsExposedHeaders.join(', '),
    maxAge: lifetimes.preflightSeconds,
  });
};

const forPreflights = new Set([
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
]);

/**
 * What is sent of the CORS headers. `@middy/http-cors` names methods, headers and lifetimes in every
 * response, to foreign origins too.
 */
export const isSent = (
  name: string,
  { allowed, preflight }: { readonly allowed: boolean; readonly preflight: boolean },
): boolean =>
  !name.startsWith('access-control-') || (allowed && (preflight || !forPreflights.has(name)));

/**
 * CORS-5: a foreign origin gets 403 where a token is needed. Public endpoints answer without CORS
 * headers, so a foreign page learns nothing: their data is public or needs a code.
 */
export const foreignOrigins = ({
  settings,
  authenticate,
}: Pick<StackOptions, 'settings' | 'authenticate'>): Middleware => {
  const listed = new Set(settings.ALLOWED_ORIGINS);
  return {
    before: ({ event }) => {
      const request = requestOf(event);
      const { origin } = request.headers;
      if (origin === undefined || listed.has(origin)) return;
      if (authenticate) throw new ForeignOrigin({ detail: `origin ${origin}` });
      if (event.httpMethod === 'OPTIONS')
        request.securityEvent('CorsViolation', { origin, method: 'OPTIONS' });
    },
  };
};

/** What an OPTIONS request gets (CORS-6); the headers come from the middlewares. */
export const preflightResponse: HttpResponse = { statusCode: 204, body: '' };
