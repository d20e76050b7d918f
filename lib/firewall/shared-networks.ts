import { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
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
    return { requestsPerMinute, sets: addressSets(scope, requestsPerMinute, ranges) };
  });
};

const addressSets = (scope: Construct, ceiling: number, ranges: readonly string[]) =>
  [
    { version: 'IPV4', addresses: ranges.filter((range) => !range.includes(':')) },
    { version: 'IPV6', addresses: ranges.filter((range) => range.includes(':')) },
  ]
    .filter(({ addresses }) => addresses.length > 0)
    .map(
      ({ version, addresses }) =>
        new CfnIPSet(scope, `Shared-${ceiling}-${version}`, {
          description: `Gatehouse: addresses that may make ${ceiling} requests a minute`,
          scope: 'REGIONAL',
          ipAddressVersion: version,
          addresses: [...new Set(addresses)],
        }),
    );

export const isFrom = ({ sets }: SharedNetworks, { isIn }: AddressSource): Statement =>
  anyOf(sets.map(isIn));
