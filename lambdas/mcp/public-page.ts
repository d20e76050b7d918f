import { lookup } from 'node:dns/promises';
import { type Address, exchange, type Reply } from '../http/exchange.ts';
import { isPublicAddress } from '../http/public-address.ts';
import { ToolError } from './tool-error.ts';

/** What the outside does for a fetch; tests bring their own. */
export interface Internet {
  readonly resolve: (host: string) => Promise<readonly Address[]>;
  readonly get: (url: URL, address: Address, bounds: FetchBounds) => Promise<Pick<Reply, 'status' | 'headers' | 'text'>>;
}

export interface FetchBounds {
  readonly timeoutMs: number;
  readonly maximumBytes: number;
}

export const internet: Internet = {
  resolve: (host) => lookup(host, { all: true }),
  get: (url, address, bounds) =>
    exchange({ url, address, method: 'GET', headers: { 'accept-encoding': 'identity', 'user-agent': 'Gatehouse' }, ...bounds }),
};

/**
 * Fetches a URL that a model chose, without lending it the function's place in the network (SSRF): https on its default port
 * alone; every address that the name resolves to must be public; the connection goes to the address that was checked, so a
 * second answer of the name server changes nothing; redirects are not followed; time and size are bounded.
 *
 * @throws ToolError saying which of these it was
 */
export const fetchPublic = async (url: URL, bounds: FetchBounds, { resolve, get }: Internet = internet) => {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
    throw new ToolError('Only https URLs on the default port, without a user, can be fetched.');
  }
  const addresses = await resolve(url.hostname).catch(() => []);
  const [address] = addresses;
  if (address === undefined) throw new ToolError(`${url.hostname} cannot be resolved.`);
  if (!addresses.every((candidate) => isPublicAddress(candidate.address))) throw new ToolError(`${url.hostname} is not a public address.`);
  const reply = await get(url, address, bounds).catch(() => {
    throw new ToolError(`${url.hostname} gave no usable reply within ${bounds.timeoutMs / 1000} s and ${bounds.maximumBytes} bytes.`);
  });
  if (reply.status !== 200) throw new ToolError(`${url.hostname} answered with status ${reply.status}; redirects are not followed.`);
  return reply;
};
