import * as z from 'zod';

interface Range {
  /** Bytes of an IPv4 address, or groups of an IPv6 one. */
  readonly parts: readonly number[];
  /** Of a part. */
  readonly width: 8 | 16;
  readonly prefix: number;
}

/** Of a range that is known to be one. */
const parsed = (text: string): Range => {
  const [address = '', prefix] = text.split('/');
  if (!address.includes(':'))
    return { parts: address.split('.').map(Number), width: 8, prefix: Number(prefix) };
  // The URL parser writes an address in its one short form (RFC 5952).
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = short
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const parts = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return { parts, width: 16, prefix: Number(prefix) };
};

const networkOf = ({ parts, width, prefix }: Range): Range => ({
  parts: parts.map((part, index) => {
    const kept = Math.min(width, Math.max(0, prefix - index * width));
    return part - (part % 2 ** (width - kept));
  }),
  width,
  prefix,
});

const written = ({ parts, width, prefix }: Range): string => {
  if (width === 8) return `${parts.join('.')}/${prefix}`;
  const long = parts.map((part) => part.toString(16)).join(':');
  return `${new URL(`http://[${long}]`).hostname.slice(1, -1)}/${prefix}`;
};

/** Whether all of a range lies in another one, both as `addressRange` writes them. */
export const isWithin = (inner: string, outer: string): boolean => {
  const [one, other] = [parsed(inner), parsed(outer)];
  if (one.width !== other.width || one.prefix < other.prefix) return false;
  return written(networkOf({ ...one, prefix: other.prefix })) === outer;
};

const cidr = z.union([z.cidrv4(), z.cidrv6()], 'is not an address range like 203.0.113.0/24');

/**
 * A range that every web ACL of ours can compare, in its one spelling. AWS WAF takes no /0 and no
 * address that goes beyond its prefix (203.0.113.5/24), and the edge tells it the /64 of an IPv6
 * address.
 */
export const addressRange = cidr
  .superRefine((text, context) => {
    const range = parsed(text);
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    if (range.prefix < 1 || (range.width === 16 && range.prefix > 64))
      return issue('is no range of /1 to /32, or of /1 to /64 for IPv6');
    const network = written(networkOf(range));
    if (network !== written(range))
      issue(
        `goes beyond its /${range.prefix}, which AWS WAF refuses: the whole range is ${network}`,
      );
  })
  .transform((text) => written(parsed(text)));
