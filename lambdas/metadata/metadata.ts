import { createHash } from 'node:crypto';
import { endpoints } from '../../policy/endpoints.ts';
import { discoveryCacheControl } from '../../policy/headers.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { serverCard } from '../../policy/server-card.ts';
import { MethodNotAllowed, NotFound } from '../errors/errors.ts';
import type { PublicIdentity } from '../mcp/manifest/public-identity.ts';
import type { Handler, HttpResponse } from '../middleware/secured.ts';
import { connectPage } from './connect-page.ts';
import { documents } from './documents.ts';
import type { MetadataSettings } from './settings.ts';

/**
 * Serves the discovery documents and the page at the root. The documents change with a deployment
 * only, so each is written once, at init.
 */
export const metadata = (settings: MetadataSettings, identity: PublicIdentity): Handler => {
  const responses = new Map(
    [...documents(settings, identity)].map(([path, document]) => [
      path,
      responseWith(JSON.stringify(document), contentTypeOf(path)),
    ]),
  );
  const connect = connectPage(settings, identity);
  return ({ method, path, headers }) => {
    const response = path === endpoints.connect.path ? connect() : responses.get(path);
    if (!response) throw new NotFound();
    if (method !== 'GET' && method !== 'HEAD')
      throw new MethodNotAllowed({ headers: { allow: 'GET, HEAD, OPTIONS' } });
    // RFC 9110 section 13.1.2; a weak comparison, and `*` matches what exists.
    const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    const etag = response.headers?.['etag'];
    return etag !== undefined && known?.some((tag) => tag === '*' || tag === etag)
      ? { ...response, statusCode: 304, body: '' }
      : response;
  };
};

const contentTypeOf = (path: string): string =>
  path === endpoints['server-card'].path ? serverCard.contentType : 'application/json';

const responseWith = (body: string, contentType: string): HttpResponse => ({
  statusCode: 200,
  headers: {
    'content-type': contentType,
    'cache-control': discoveryCacheControl.replace(
      '{discoverySeconds}',
      String(lifetimes.discoverySeconds),
    ),
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  },
  body,
});
