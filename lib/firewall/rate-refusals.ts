import { type Endpoint, endpointRows, pathsWhere } from '../../policy/endpoints.ts';
import { headerTable } from '../../policy/headers.ts';
import { type AddressLimit, egressWindowSeconds } from '../../policy/limits.ts';
import type { Environment } from '../configuration.ts';
import type { AddressSource } from './address-source.ts';
import { type Counted, isCounted } from './counted.ts';
import { allOf, type KnownEgress, type PathMatcher, type Rule, visibility } from './statements.ts';

export interface RateRulesProps {
  readonly limits: readonly AddressLimit[];
  readonly egress: readonly KnownEgress[];
  readonly addresses: AddressSource;
  readonly matchesPath: PathMatcher;
  readonly environment: Environment;
}

/**
 * What a rate rule marks a request with that is over its limit. The window is a namespace, so that
 * one rule refuses all of it.
 */
export const overLimitLabel = (window: number, name: string) => `gatehouse:rate:${window}:${name}`;

/** The refusing rules' names begin with this. */
export const refusalPrefix = 'over-limit-';

/** The refusing rules: one a window, and one more for /mcp where a limit reaches it. */
export const rateRefusals = ({
  limits,
  egress,
  matchesPath,
  environment,
}: RateRulesProps): readonly Rule[] => {
  const counted: readonly Counted[] = [
    ...limits,
    ...egress.map(
      () => ({ name: '', counts: 'everything', perSeconds: egressWindowSeconds }) as const,
    ),
  ];
  const windows = [...new Set(counted.map(({ perSeconds }) => perSeconds))].sort((a, b) => a - b);
  return windows.flatMap((window) => {
    const reachesJsonRpc = counted.some(
      (limit) =>
        limit.perSeconds === window &&
        endpointRows.some((row) => answersJsonRpc(row) && isCounted(limit, row)),
    );
    return [
      ...(reachesJsonRpc ? [refusal(window, 'mcp', matchesPath, environment)] : []),
      refusal(window, 'other', matchesPath, environment),
    ];
  });
};

/** Where a refusal is a JSON-RPC error. */
const answersJsonRpc = ({ errors }: Endpoint) => errors === 'jsonrpc';
const jsonRpcPaths = pathsWhere(answersJsonRpc);

const refusal = (
  window: number,
  shape: keyof typeof rateBodies,
  matchesPath: PathMatcher,
  environment: Environment,
): Rule => {
  const overLimit = {
    labelMatchStatement: { scope: 'NAMESPACE', key: overLimitLabel(window, '') },
  };
  const name = `${refusalPrefix}${window}${shape === 'mcp' ? '-mcp' : ''}`;
  return {
    name,
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: shape,
          // AWS WAF counts over a sliding window: after one whole window without requests the
          // caller is surely under the limit.
          responseHeaders: headers({ ...headerTable(environment), 'retry-after': String(window) }),
        },
      },
    },
    statement: shape === 'mcp' ? allOf([overLimit, matchesPath(jsonRpcPaths)]) : overLimit,
    visibilityConfig: visibility(name),
  };
};

const headers = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([name, value]) => ({ name, value }));

/**
 * ERR-2. The second is a problem document and an RFC 6749 error in one, since a rule cannot tell
 * the endpoints apart.
 */
export const rateBodies = {
  mcp: { jsonrpc: '2.0', id: null, error: { code: 429, message: 'Too many requests.' } },
  other: {
    type: 'about:blank',
    title: 'Too many requests.',
    status: 429,
    error: 'temporarily_unavailable',
    error_description: 'Too many requests.',
  },
} as const;
