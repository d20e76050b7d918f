import { lookup } from 'node:dns/promises';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes, timeouts } from '../../policy/limits.ts';
import { InvalidClient } from '../errors/errors.ts';
import { type Address, exchange, type Reply } from '../http/exchange.ts';
import { isPublicAddress } from '../http/public-address.ts';
import { displayName } from './display-name.ts';
import { flawOf } from './redirect-uri.ts';
import { seconds } from './time.ts';

/** What the outside does for a fetch; tests bring their own. */
export interface Network {
  readonly resolve: (host: string) => Promise<readonly Address[]>;
  readonly get: (url: URL, address: Address, timeoutMs: number) => Promise<Reply>;
}

export const internet: Network = {
  resolve: (host) => lookup(host, { all: true }),
  get: (url, address, timeoutMs) =>
    exchange({
      url,
      address,
      method: 'GET',
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Gatehouse' },
      timeoutMs,
      maximumBytes: sizes.metadataDocumentBytes,
    }),
};

export interface MetadataDocument {
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Epoch seconds until which HTTP lets us keep it. */
  readonly freshUntil: number;
}

const listing = (needed: string) => z.optional(z.array(z.string()).check(z.refine((given) => given.includes(needed))));

const content = z.object({
  client_id: z.string(),
  client_name: z.string().check(z.minLength(1)),
  redirect_uris: z.array(z.string()).check(z.minLength(1), z.maxLength(sizes.redirectUrisPerClient)),
  token_endpoint_auth_method: z.optional(z.literal('none')),
  grant_types: listing('authorization_code'),
  response_types: listing('code'),
  // A document is public: a secret in it is none (draft-ietf-oauth-client-id-metadata-document section 4.1).
  client_secret: z.optional(z.undefined()),
});

/** Whether a client id is a metadata document's URL as the draft allows them, canonical, so that one client has one id. */
export const isDocumentUrl = (clientId: string): boolean => {
  const url = URL.parse(clientId);
  return url?.protocol === 'https:' && url.href === clientId && url.pathname !== '/' && url.port === '' && flawOf(clientId) === undefined;
};

const timeout = async (milliseconds: number): Promise<never> => {
  await setTimeout(milliseconds, undefined, { ref: false });
  throw new Error('too slow');
};

const refuse = (detail: string, cause?: unknown): never => {
  throw new InvalidClient({ message: 'The client metadata document cannot be used.', detail, cause });
};

/**
 * Fetches a metadata document (OAUTH-5). Every address that the name resolves to must be public, and the connection goes to the
 * one that was checked, so that a second answer of the name server cannot change anything.
 * @throws InvalidClient
 */
export const fetchMetadataDocument = async (clientId: string, now: Date, network: Network = internet): Promise<MetadataDocument> => {
  const url = new URL(clientId);
  const budgetMs = timeouts.metadataDocumentSeconds * 1000;
  const started = performance.now();
  const addresses = await Promise.race([network.resolve(url.hostname), timeout(budgetMs)]).catch((cause) =>
    refuse('the name does not resolve in time', cause),
  );
  const address = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (address === undefined || !addresses.every((candidate) => isPublicAddress(candidate.address)))
    return refuse('the name resolves to an address that is not public');
  const leftMs = Math.max(1, Math.floor(budgetMs - (performance.now() - started)));
  const reply = await network.get(url, address, leftMs).catch((cause) => refuse('no usable reply', cause));
  if (reply.status !== 200) return refuse(`status ${reply.status}`);
  if (!/^application\/([a-z0-9.-]+\+)?json *(;|$)/i.test(reply.headers['content-type'] ?? '')) return refuse('not JSON');
  const parsed = content.safeParse(reply.json);
  if (!parsed.success) return refuse('the content is not a client metadata document for a public client');
  if (parsed.data.client_id !== clientId) return refuse('client_id is not the URL of the document');
  return {
    name: displayName(parsed.data.client_name),
    redirectUris: parsed.data.redirect_uris.filter((uri) => flawOf(uri) === undefined),
    freshUntil: seconds(now) + freshSeconds(reply.headers),
  };
};

/** RFC 9111 section 4.2.1 as a shared cache reads it, within policy's bounds. */
export const freshSeconds = (headers: Reply['headers']): number => {
  const { metadataDocumentMinimumSeconds: least, metadataDocumentMaximumSeconds: most } = lifetimes;
  const directives = (headers['cache-control'] ?? '').toLowerCase();
  if (/(^|[,\s])(no-store|no-cache|private)([,\s=]|$)/.test(directives)) return least;
  const age = /s-maxage="?(\d+)/.exec(directives)?.[1] ?? /max-age="?(\d+)/.exec(directives)?.[1];
  const expires = (Date.parse(headers.expires ?? '') - Date.parse(headers.date ?? '')) / 1000;
  const seconds = (age === undefined ? expires : Number(age)) - Number(headers.age ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.floor(seconds), least), most) : least;
};
