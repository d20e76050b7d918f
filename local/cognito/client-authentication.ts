import { timingSafeEqual } from 'node:crypto';
import type { LoopbackRequest } from '../loopback/request.ts';
import type { AppClient } from './app-client.ts';
import type { Pool } from './pool.ts';

interface Credentials {
  readonly clientId: string;
  readonly clientSecret?: string;
}

/**
 * `Authorization: Basic`, as Cognito reads it: base64 of `id:secret`, not form-encoded first.
 * `undefined` when it is not that.
 */
export const readBasic = (header: string): Credentials | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon > 0
    ? { clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1) }
    : undefined;
};

const readCredentials = (
  { headers }: LoopbackRequest,
  form: Readonly<Record<string, string>>,
): Credentials | undefined => {
  if (headers.authorization !== undefined) return readBasic(headers.authorization);
  const { client_id: clientId, client_secret: clientSecret } = form;
  return clientId === undefined
    ? undefined
    : { clientId, ...(clientSecret !== undefined && { clientSecret }) };
};

const isSame = (known: string | undefined, given: string): boolean => {
  if (known === undefined) return false;
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * The app client that a request to `/oauth2/token` or `/oauth2/revoke` comes from, or `undefined`
 * for `invalid_client`.
 */
export const authenticateClient = (
  pool: Pool,
  request: LoopbackRequest,
  form: Readonly<Record<string, string>>,
): AppClient | undefined => {
  const credentials = readCredentials(request, form);
  const client = credentials && pool.client(credentials.clientId);
  if (!client || (form['client_id'] !== undefined && form['client_id'] !== client.clientId))
    return undefined;
  const { clientSecret } = credentials;
  if (client.clientSecret === undefined) return clientSecret === undefined ? client : undefined;
  if (clientSecret === undefined) return undefined;
  return isSame(client.clientSecret, clientSecret) ||
    isSame(client.previousClientSecret, clientSecret)
    ? client
    : undefined;
};
