import type { Environment } from '../../policy/deployment.ts';
import { type Endpoint, endpointRows, pathsWhere } from '../../policy/endpoints.ts';
import { headerTable } from '../../policy/headers.ts';
import { type AddressLimit, sharedNetworkWindowSeconds } from '../../policy/limits.ts';
import type { AddressSource } from './address-source.ts';
import { type Counted, isCounted } from './counted.ts';
import type { SharedNetworks } from './shared-networks.ts';
import { allOf, type PathMatcher, type Rule, visibility } from './statements.ts';

export interface RateRulesProps {
  readonly limits: readonly AddressLimit[];
  readonly networks: readonly SharedNetworks[];
  readonly addresses: AddressSource;
  readonly matchesPath: PathMatcher;
  readonly environment: Environment;
}

/**
 * What a rate rule marks a request with that is over its limit. The first part is a namespace, so
 * that one rule refuses all of it.
 */
export const overLimitLabel = (windowSeconds: number, name: string) =>
  `gatehouse:rate:${isLong(windowSeconds) ? 'long' : 'minute'}:${name}`;

const isLong = (windowSeconds: number) => windowSeconds > 60;

/** The refusing rules' names begin with this. */
export const refusalPrefix = 'over-limit-';

/**
 * The refusing rules: one for windows of a minute, one for longer ones (each rule costs), and one
 * more of each where a limit reaches an endpoint that answers in JSON-RPC.
 */
export const rateRefusals = (props: RateRulesProps): readonly Rule[] => {
  const counted: readonly Counted[] = [
    ...props.limits,
    ...props.networks.map(
      () => ({ name: '', counts: 'everything', perSeconds: sharedNetworkWindowSeconds }) as const,
    ),
  ];
  return [false, true].flatMap((long) => {
    const limits = counted.filter(({ perSeconds }) => isLong(perSeconds) === long);
    if (limits.length === 0) return [];
    const reachesJsonRpc = limits.some((limit) =>
      endpointRows.some((row) => answersJsonRpc(row) && isCounted(limit, row)),
    );
    const window = Math.max(...limits.map(({ perSeconds }) => perSeconds));
    return [
      ...(reachesJsonRpc ? [refusal(window, 'mcp', props)] : []),
      refusal(window, 'other', props),
    ];
  });
};

/** Where a refusal is a JSON-RPC error. */
const answersJsonRpc = ({ errors }: Endpoint) => errors === 'jsonrpc';
const jsonRpcPaths = pathsWhere(answersJsonRpc);

const refusal = (
  window: number,
  shape: keyof typeof rateBodies,
  { matchesPath, environment }: RateRulesProps,
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
