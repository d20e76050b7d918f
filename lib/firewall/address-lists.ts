import type { CfnIPSet } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { addressSets } from './address-sets.ts';
import type { AddressSource } from './address-source.ts';
import { anyOf, not, type Statement } from './statements.ts';

/** Ranges (CIDR) that an operator names. An empty list refuses nobody. */
export interface AddressLists {
  readonly blocked: readonly string[];
  /** Where it names any, everybody else is refused. */
  readonly allowed: readonly string[];
}

/** The address sets of the lists, made once for both web ACLs. */
export class RefusedAddresses {
  private readonly blocked: readonly CfnIPSet[];
  private readonly allowed: readonly CfnIPSet[];

  constructor(scope: Construct, { blocked, allowed }: AddressLists) {
    this.blocked = addressSets(scope, 'Blocked', 'addresses that are refused', blocked);
    this.allowed = addressSets(
      scope,
      'Allowed',
      'the only addresses that are not refused',
      allowed,
    );
  }

  /** What matches a request that the lists refuse; none where both are empty. */
  statements({ isIn }: AddressSource): readonly Statement[] {
    return [
      ...this.blocked.map(isIn),
      ...(this.allowed.length > 0 ? [not(anyOf(this.allowed.map(isIn)))] : []),
    ];
  }
}
