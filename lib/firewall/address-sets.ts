import { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** One set an address family, where there are addresses of it: AWS WAF mixes none. */
export const addressSets = (
  scope: Construct,
  id: string,
  description: string,
  ranges: readonly string[],
): readonly CfnIPSet[] =>
  [
    { version: 'IPV4', addresses: ranges.filter((range) => !range.includes(':')) },
    { version: 'IPV6', addresses: ranges.filter((range) => range.includes(':')) },
  ]
    .filter(({ addresses }) => addresses.length > 0)
    .map(
      ({ version, addresses }) =>
        new CfnIPSet(scope, `${id}-${version}`, {
          description: `Gatehouse: ${description}`,
          scope: 'REGIONAL',
          ipAddressVersion: version,
          addresses: [...new Set(addresses)],
        }),
    );
