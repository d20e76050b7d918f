import { isIP } from 'node:net';

/**
 * RATE-10: the caller's address. The gateway's own observation, unless a proxy is declared: then
 * the right-most address of that proxy's header, the only one that the proxy wrote itself.
 * `X-Forwarded-For`, `X-Real-IP` and `Forwarded` are never read.
 */
export const clientAddress = (
  observed: string,
  headers: Readonly<Record<string, string | undefined>> | null,
  proxyHeader: string | undefined,
): string => {
  const passedOn = proxyHeader && headers?.[proxyHeader]?.split(',').at(-1)?.trim();
  return (passedOn && withoutPort(passedOn)) || observed;
};

/**
 * The edge function writes the bare address; other proxies add a port, after brackets where the
 * address is IPv6.
 */
const withoutPort = (text: string): string | undefined =>
  [text, text.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1')].find(
    (address) => isIP(address) !== 0,
  );
