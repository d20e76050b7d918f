import type { OutboundResponse } from './outbound-request.ts';

/**
 * How many seconds a response may be kept: RFC 9111 section 4.2.1 as a shared cache reads it, within
 * bounds.
 */
export const freshSeconds = (
  headers: OutboundResponse['headers'],
  bounds: { readonly least: number; readonly most: number },
): number => {
  const { least, most } = bounds;
  const directives = (headers['cache-control'] ?? '').toLowerCase();
  if (/(^|[,\s])(no-store|no-cache|private)([,\s=]|$)/.test(directives)) return least;
  const age = /s-maxage="?(\d+)/.exec(directives)?.[1] ?? /max-age="?(\d+)/.exec(directives)?.[1];
  const expires = (Date.parse(headers.expires ?? '') - Date.parse(headers.date ?? '')) / 1000;
  const seconds = (age === undefined ? expires : Number(age)) - Number(headers.age ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.floor(seconds), least), most) : least;
};
