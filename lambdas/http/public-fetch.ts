import { lookup } from 'node:dns/promises';
import { setTimeout } from 'node:timers/promises';
import { type OutboundResponse, type ResolvedAddress, sendRequest } from './outbound-request.ts';
import { isPublicAddress } from './public-address.ts';

export interface FetchLimits {
  /** For everything together, the name server included. */
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

/** What the outside does for a fetch; tests bring their own. */
export interface Network {
  readonly resolve: (host: string) => Promise<readonly ResolvedAddress[]>;
  readonly get: (
    url: URL,
    address: ResolvedAddress,
    limits: FetchLimits,
  ) => Promise<OutboundResponse>;
}

const network = (accept: string): Network => ({
  resolve: (host) => lookup(host, { all: true }),
  get: (url, address, limits) =>
    sendRequest({
      url,
      address,
      method: 'GET',
      ...limits,
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': 'Gatehouse' },
    }),
});

/** The internet, asked for JSON documents. */
export const internet = network('application/json');
/** The internet, asked for pages. */
export const webPages = network('text/*, application/json, application/xml');

/** The fetch was refused or failed; the message says why, for the log. */
export class PublicFetchFailed extends Error {
  override readonly name = 'PublicFetchFailed';
  /** Of the HTTP response, if there was one. */
  readonly status: number | undefined;

  constructor(message: string, { cause, status }: { cause?: unknown; status?: number } = {}) {
    super(message, { cause });
    this.status = status;
  }
}

const timeout = async (milliseconds: number): Promise<never> => {
  await setTimeout(milliseconds, undefined, { ref: false });
  throw new Error('too slow');
};

const fail = (message: string, cause?: unknown): never => {
  throw new PublicFetchFailed(message, { cause });
};

/**
 * Gets something from the public internet without a way to reach anything else (OAUTH-5,
 * server-side request forgery). Every address that the name resolves to must be public, and the
 * connection goes to the one that was checked: a second response of the name server (DNS rebinding)
 * is never asked for. Port 443 only, no credentials, no redirects.
 * @throws PublicFetchFailed
 */
export const publicGet = async (
  url: URL,
  { timeoutMs, maximumBytes }: FetchLimits,
  network: Network,
): Promise<OutboundResponse> => {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    fail('not a plain https URL');
  const started = performance.now();
  const addresses = await Promise.race([network.resolve(url.hostname), timeout(timeoutMs)]).catch(
    (cause) => fail('the name does not resolve in time', cause),
  );
  const address = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (address === undefined || !addresses.every((candidate) => isPublicAddress(candidate.address)))
    return fail('the name resolves to an address that is not public');
  const leftMs = Math.max(1, Math.floor(timeoutMs - (performance.now() - started)));
  const response = await network
    .get(url, address, { timeoutMs: leftMs, maximumBytes })
    .catch((cause) => fail('no usable response', cause));
  const { status } = response;
  if (status !== 200) throw new PublicFetchFailed(`status ${status}`, { status });
  return response;
};

/** `publicGet` of a JSON document. @throws PublicFetchFailed */
export const publicFetch = async (
  url: URL,
  limits: FetchLimits,
  network: Network,
): Promise<OutboundResponse> => {
  const response = await publicGet(url, limits, network);
  if (!/^application\/([a-z0-9.-]+\+)?json *(;|$)/i.test(response.headers['content-type'] ?? ''))
    throw new PublicFetchFailed('not JSON', { status: response.status });
  return response;
};
