import type { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { addressSets } from './address-sets.ts';
import type { AddressSource } from './address-source.ts';
import { anyOf, type Statement } from './statements.ts';

/** Addresses that many people share, and what one of them may do in a minute. */
export interface SharedNetwork {
  readonly ranges: readonly string[];
  readonly requestsPerMinute: number;
}

/** Shared networks with the same ceiling, which one rule counts. */
export interface SharedNetworks {
  readonly requestsPerMinute: number;
  /** One set an address family: AWS WAF mixes none. */
  readonly sets: readonly CfnIPSet[];
}

/** One rule and at most two address sets for each ceiling, however many networks have it. */
export const sharedNetworks = (
  scope: Construct,
  networks: readonly SharedNetwork[],
): readonly SharedNetworks[] => {
  const ceilings = [...new Set(networks.map(({ requestsPerMinute }) => requestsPerMinute))];
  return ceilings.map((requestsPerMinute) => {
    const ranges = networks
      .filter((network) => network.requestsPerMinute === requestsPerMinute)
      .flatMap((network) => network.ranges);
    const description = `addresses that may make ${requestsPerMinute} requests a minute`;
    const sets = addressSets(scope, `Shared-${requestsPerMinute}`, description, ranges);
    return { requestsPerMinute, sets };
  });
};

export const isFrom = ({ sets }: SharedNetworks, { isIn }: AddressSource): Statement =>
  anyOf(sets.map(isIn));
