import { namedBy } from '../../../policy/mcp-methods.ts';
import type { ParamHeader } from '../manifest/param-headers.ts';

const sources: ReadonlyMap<string, string> = new Map(Object.entries(namedBy));

/** What a client of 2026-07-28 sends beside a request ("Standard MCP Request Headers"). */
export const requestHeaders = (
  method: string,
  params: Readonly<Record<string, unknown>>,
  paramHeaders: readonly ParamHeader[],
  version: string,
): Record<string, string> => {
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': version,
    'mcp-method': method,
  };
  const named = params[sources.get(method) ?? ''];
  if (typeof named === 'string') headers['mcp-name'] = mirrored(named);
  for (const { header, path } of paramHeaders) {
    const value = valueAt(params['arguments'], path);
    if (isMirrored(value)) headers[header.toLowerCase()] = mirrored(String(value));
  }
  return headers;
};

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    value,
  );

const isMirrored = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** "Value Encoding": plain where a header can carry it, base64 elsewhere. */
const mirrored = (value: string): string => {
  const isPlain = /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  const looksEncoded = /^=\?base64\?.*\?=$/s.test(value);
  return isPlain && !looksEncoded ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
};
