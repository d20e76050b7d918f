import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { headerTable } from '../../policy/headers.ts';
import { type AddressLimit, wafQuotas } from '../../policy/limits.ts';
import type { Environment } from '../configuration.ts';
import { allOf, anyOf, type KnownEgress, not, type PathMatcher, pathTransformations, type Rule, visibility } from './statements.ts';

export interface RateRulesProps {
  readonly limits: readonly AddressLimit[];
  readonly egress: readonly KnownEgress[];
  readonly matchesPath: PathMatcher;
  readonly environment: Environment;
}

/** The windows in which an address behind known egress is counted. */
const egressWindowSeconds = 60;

/**
 * Counts, then refuses. A rate rule that blocked by itself would hide every later rule from a caller who is over one limit;
 * so each only labels what is over it, and the rules at the end refuse by label, with a 429 that names its window (RATE-9).
 * One of them answers in JSON-RPC, for /mcp.
 */
export const rateRules = ({ limits, egress, matchesPath, environment }: RateRulesProps): readonly Rule[] => {
  const rates = [...limits.map((limit) => limitRule(limit, egress, matchesPath)), ...egress.map(egressRule)];
  if (rates.length > wafQuotas.rateRulesPerAcl)
    throw new LimitError(
      `${rates.length} rate rules are needed (one a limit, one a client profile with known egress), but a web ACL takes ${wafQuotas.rateRulesPerAcl}. Merge some in policy/limits.`,
    );
  return [...rates, ...refusals(limits, egress, matchesPath, environment)];
};

/** A limit that AWS WAF cannot express. Names the nearest ones that it can. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

const label = (window: number, name: string) => `gatehouse:rate:${window}:${name}`;

const limitRule = (limit: AddressLimit, egress: readonly KnownEgress[], matchesPath: PathMatcher): Rule => {
  checkExpressible(limit);
  const scope = [
    // A hosted client's users share a few addresses: those have a ceiling of their own.
    ...egress.map((known) => not(fromEgress(known))),
    ...(limit.match === undefined ? [] : [matchesPath(limit.match)]),
    ...(limit.except === undefined ? [] : [not(matchesPath(limit.except))]),
  ];
  return {
    name: limit.name,
    action: { count: {} },
    ruleLabels: [{ name: label(limit.perSeconds, limit.name) }],
    statement: {
      rateBasedStatement: {
        limit: limit.requests,
        evaluationWindowSec: limit.perSeconds,
        ...(limit.eachPath ? eachPath : { aggregateKeyType: 'IP' }),
        ...(scope.length > 0 && { scopeDownStatement: allOf(scope) }),
      },
    },
    visibilityConfig: visibility(limit.name),
  };
};

const eachPath: Pick<CfnWebACL.RateBasedStatementProperty, 'aggregateKeyType' | 'customKeys'> = {
  aggregateKeyType: 'CUSTOM_KEYS',
  customKeys: [{ ip: {} }, { uriPath: { textTransformations: pathTransformations } }],
};

const fromEgress = ({ sets }: KnownEgress) => anyOf(sets.map((set) => ({ ipSetReferenceStatement: { arn: set.attrArn } })));

const egressRule = (known: KnownEgress): Rule => {
  const name = `egress-${known.profile}`;
  return {
    name,
    action: { count: {} },
    ruleLabels: [{ name: label(egressWindowSeconds, name) }],
    statement: {
      rateBasedStatement: {
        limit: known.requestsPerMinute,
        evaluationWindowSec: egressWindowSeconds,
        aggregateKeyType: 'IP',
        scopeDownStatement: fromEgress(known),
      },
    },
    visibilityConfig: visibility(name),
  };
};

const checkExpressible = ({ id, name, requests, perSeconds }: AddressLimit) => {
  const refuse = (problem: string) => {
    const windows = wafQuotas.windowsSeconds.map((window) => [Math.round((requests * window) / perSeconds), window] as const);
    const nearest = windows.filter(([count]) => count >= wafQuotas.smallestRate).map(([count, window]) => `${count} in ${window} s`);
    throw new LimitError(
      `policy/limits: ${id} (${name}, ${requests} in ${perSeconds} s) cannot be expressed: ${problem}. Nearest: ${nearest.join(', ') || `${wafQuotas.smallestRate} in ${wafQuotas.windowsSeconds.at(-1)} s`}.`,
    );
  };
  if (!Number.isInteger(requests)) refuse('AWS WAF counts whole requests');
  if (requests < wafQuotas.smallestRate) refuse(`AWS WAF counts no less than ${wafQuotas.smallestRate}`);
  if (!wafQuotas.windowsSeconds.some((window) => window === perSeconds))
    refuse(`AWS WAF has windows of ${wafQuotas.windowsSeconds.join(', ')} s only`);
};

/** The refusing rules: one a window, and one more for /mcp where a limit reaches it. */
const refusals = (limits: readonly AddressLimit[], egress: readonly KnownEgress[], matchesPath: PathMatcher, environment: Environment) => {
  const counted: readonly Pick<AddressLimit, 'perSeconds' | 'match' | 'except'>[] = [
    ...limits,
    ...egress.map(() => ({ perSeconds: egressWindowSeconds })),
  ];
  const windows = [...new Set(counted.map(({ perSeconds }) => perSeconds))].sort((a, b) => a - b);
  return windows.flatMap((window) => {
    const reachesMcp = counted.some((limit) => limit.perSeconds === window && covers(limit, mcpPath));
    return [...(reachesMcp ? [refusal(window, 'mcp', matchesPath, environment)] : []), refusal(window, 'other', matchesPath, environment)];
  });
};

const mcpPath = '/mcp';
const mcpPattern = '^/mcp/?$';

const covers = ({ match, except }: Pick<AddressLimit, 'match' | 'except'>, path: string) =>
  (match === undefined || new RegExp(match).test(path)) && (except === undefined || !new RegExp(except).test(path));

const refusal = (window: number, shape: keyof typeof rateBodies, matchesPath: PathMatcher, environment: Environment): Rule => {
  const overLimit = { labelMatchStatement: { scope: 'NAMESPACE', key: label(window, '') } };
  const name = shape === 'mcp' ? `refuse-${window}-mcp` : `refuse-${window}`;
  return {
    name,
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: shape,
          // AWS WAF counts over a sliding window: after one whole window without requests the caller is surely under the limit.
          responseHeaders: headers({ ...headerTable(environment), 'retry-after': String(window) }),
        },
      },
    },
    statement: shape === 'mcp' ? allOf([overLimit, matchesPath(mcpPattern)]) : overLimit,
    visibilityConfig: visibility(name),
  };
};

const headers = (table: Readonly<Record<string, string>>) => Object.entries(table).map(([name, value]) => ({ name, value }));

/** ERR-2. The second is a problem document and an RFC 6749 error in one, since a rule cannot tell the endpoints apart. */
export const rateBodies = {
  mcp: { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Too many requests.' } },
  other: {
    type: 'about:blank',
    title: 'Too many requests.',
    status: 429,
    error: 'temporarily_unavailable',
    error_description: 'Too many requests.',
  },
} as const;
