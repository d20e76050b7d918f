import { pathsWhere } from '../../policy/endpoints.ts';
import { type AddressLimit, sharedNetworkWindowSeconds, wafQuotas } from '../../policy/limits.ts';
import { UserError } from '../user-error.ts';
import type { AddressSource } from './address-source.ts';
import { countedPaths, isCounted, isImplied } from './counted.ts';
import { overLimitLabel, type RateRulesProps, rateRefusals } from './rate-refusals.ts';
import { isFrom, type SharedNetworks } from './shared-networks.ts';
import {
  allOf,
  not,
  type PathMatcher,
  pathTransformations,
  type Rule,
  type Statement,
  visibility,
} from './statements.ts';

/**
 * Counts, then refuses. A rate rule that blocked by itself would hide every later rule from a
 * caller who is over one limit; so each only labels what is over it, and the rules at the end
 * refuse by label, with a 429 that names its window (RATE-9). One of them answers in JSON-RPC, for
 * /mcp.
 */
export const rateRules = (props: RateRulesProps): readonly Rule[] => {
  const { limits, networks, addresses } = props;
  for (const limit of limits) checkExpressible(limit);
  const rates = [
    ...limits.filter((limit) => !isImplied(limit, limits)).map((limit) => limitRule(limit, props)),
    ...networks.map((each) => networksRule(each, addresses)),
  ];
  if (rates.length > wafQuotas.rateRulesPerAcl)
    throw new LimitError(
      `${rates.length} rate rules are needed (one a limit, one a ceiling of shared networks), but a web ACL takes ${wafQuotas.rateRulesPerAcl}. Merge some in policy/limits.`,
    );
  return [...rates, ...rateRefusals(props)];
};

/** A limit that AWS WAF cannot express. Names the nearest ones that it can. */
class LimitError extends UserError {
  override readonly name = 'LimitError';
}

const limitRule = (
  limit: AddressLimit,
  { networks, addresses, matchesPath }: RateRulesProps,
): Rule => {
  const scope = [
    // The users of a hosted client, or of an office, share a few addresses: those have a ceiling of
    // their own.
    ...networks.map((each) => not(isFrom(each, addresses))),
    ...scopeOf(limit, matchesPath),
  ];
  return {
    name: limit.name,
    action: { count: {} },
    ruleLabels: [{ name: overLimitLabel(limit.perSeconds, limit.name) }],
    statement: {
      rateBasedStatement: {
        limit: limit.requests,
        evaluationWindowSec: limit.perSeconds,
        ...(limit.eachPath ? addresses.byAddressAnd(path) : addresses.byAddress),
        ...(scope.length > 0 && { scopeDownStatement: allOf(scope) }),
      },
    },
    visibilityConfig: visibility(limit.name),
  };
};

/** Everything needs no path; unknown paths count as everything too, so an exception is named. */
const scopeOf = (limit: AddressLimit, matchesPath: PathMatcher): readonly Statement[] => {
  if (limit.counts === 'everything') return [];
  if (limit.counts === 'without-user-limit')
    return [not(matchesPath(pathsWhere((row) => !isCounted(limit, row))))];
  const paths = countedPaths(limit);
  if (paths.length === 0)
    throw new LimitError(
      `policy/limits: ${limit.id} (${limit.name}) counts its own endpoints, but no row of policy/endpoints names it.`,
    );
  return [matchesPath(paths)];
};

const path = { uriPath: { textTransformations: pathTransformations } };

const networksRule = (networks: SharedNetworks, addresses: AddressSource): Rule => {
  const name = `shared-networks-${networks.requestsPerMinute}`;
  return {
    name,
    action: { count: {} },
    ruleLabels: [{ name: overLimitLabel(sharedNetworkWindowSeconds, name) }],
    statement: {
      rateBasedStatement: {
        limit: networks.requestsPerMinute,
        evaluationWindowSec: sharedNetworkWindowSeconds,
        ...addresses.byAddress,
        scopeDownStatement: isFrom(networks, addresses),
      },
    },
    visibilityConfig: visibility(name),
  };
};

const checkExpressible = ({ id, name, requests, perSeconds }: AddressLimit) => {
  const refuse = (problem: string) => {
    const windows = wafQuotas.windowsSeconds.map(
      (window) => [Math.round((requests * window) / perSeconds), window] as const,
    );
    const nearest = windows
      .filter(([count]) => count >= wafQuotas.smallestRate)
      .map(([count, window]) => `${count} in ${window} s`);
    throw new LimitError(
      `policy/limits: ${id} (${name}, ${requests} in ${perSeconds} s) cannot be expressed: ${problem}. Nearest: ${nearest.join(', ') || `${wafQuotas.smallestRate} in ${wafQuotas.windowsSeconds.at(-1)} s`}.`,
    );
  };
  if (!Number.isInteger(requests)) refuse('AWS WAF counts whole requests');
  if (requests < wafQuotas.smallestRate)
    refuse(`AWS WAF counts no less than ${wafQuotas.smallestRate}`);
  if (!wafQuotas.windowsSeconds.some((window) => window === perSeconds))
    refuse(`AWS WAF has windows of ${wafQuotas.windowsSeconds.join(', ')} s only`);
};
