import { isIP } from 'node:net';

/**
 * RATE-10: the caller's address. The gateway's own observation, unless a proxy is declared: then the right-most address of that
 * proxy's header, the only one that the proxy wrote itself. `X-Forwarded-For`, `X-Real-IP` and `Forwarded` are never read.
 */
export const clientAddress = (
  observed: string,
  headers: Readonly<Record<string, string | undefined>> | null,
  proxyHeader: string | undefined,
): string => {
  const passedOn = proxyHeader && headers?.[proxyHeader]?.split(',').at(-1)?.trim();
  return (passedOn && withoutPort(passedOn)) || observed;
};

/** CloudFront-Viewer-Address is `address:port`, IPv6 addresses with or without brackets. */
const withoutPort = (text: string): string | undefined => {
  const address = text.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return address;
  return isIP(text) === 0 ? undefined : text;
};
