import type { CfnIPSet, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Statement } from './statements.ts';

/** Where the rules take the caller's address from (RATE-10). */
export interface AddressSource {
  /** Counts by address. */
  readonly byAddress: RateKey;
  /** Counts by address and the given key. */
  readonly byAddressAnd: (key: CfnWebACL.RateBasedStatementCustomKeyProperty) => RateKey;
  readonly isIn: (set: CfnIPSet) => Statement;
}

type RateKey = Pick<
  CfnWebACL.RateBasedStatementProperty,
  'aggregateKeyType' | 'customKeys' | 'forwardedIpConfig'
>;

/** The other end of the connection. Headers that name an address change nothing. */
export const connection: AddressSource = {
  byAddress: { aggregateKeyType: 'IP' },
  byAddressAnd: (key) => ({ aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ ip: {} }, key] }),
  isIn: ({ attrArn }) => ({ ipSetReferenceStatement: { arn: attrArn } }),
};

/**
 * A header that the declared proxy writes over whatever the client sent. A value that is no address
 * counts as over the limit, and as in no set: the proxy writes none, so a request that has one did
 * not come from it.
 */
export const header = (headerName: string): AddressSource => {
  const forwardedIpConfig = { headerName, fallbackBehavior: 'MATCH' };
  return {
    byAddress: { aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig },
    byAddressAnd: (key) => ({
      aggregateKeyType: 'CUSTOM_KEYS',
      customKeys: [{ forwardedIp: {} }, key],
      forwardedIpConfig,
    }),
    isIn: ({ attrArn }) => ({
      ipSetReferenceStatement: {
        arn: attrArn,
        ipSetForwardedIpConfig: { headerName, position: 'FIRST', fallbackBehavior: 'NO_MATCH' },
      },
    }),
  };
};
