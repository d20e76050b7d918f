import { createHash } from 'node:crypto';
import { ApiKey, CfnUsagePlan, CfnUsagePlanKey, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { Names, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../policy/clients.ts';
import { usagePlanShares } from '../policy/limits.ts';
import { ConfigurationError } from './configuration.ts';
import { recordOf } from './record-of.ts';

/** Who has a usage plan of their own: a client profile, or a machine. */
export interface PlannedCaller
  extends Pick<ClientProfile, 'name' | 'title' | 'throttle' | 'quota'> {
  /** @default as many as there is room for */
  readonly shares?: number;
}

/** A usage-plan key: its value, which the authorizer answers with, and its id. */
interface PlanKey {
  readonly value: string;
  readonly id: string;
}

/**
 * RATE-8: the usage-plan keys of each profile, one for each share of its users. Apart from the
 * plans, which need the stage, because the authorizer must know them.
 */
export class UsagePlanKeys extends Construct {
  /** By profile, in the order of the shares. */
  readonly byProfile: Readonly<Record<string, readonly PlanKey[]>>;

  constructor(scope: Construct, id: string, profiles: readonly PlannedCaller[], shares: number) {
    super(scope, id);
    const { idsInShareKey, inAllProfiles } = usagePlanShares;
    if (!Number.isInteger(shares) || shares < idsInShareKey)
      throw new ConfigurationError(
        `usagePlanShares: ${shares} is no whole number of at least ${idsInShareKey}`,
      );
    const shared = profiles.filter((profile) => profile.shares === undefined);
    const count = Math.min(shares, Math.floor(inAllProfiles / shared.length));
    const countOf = new Map(profiles.map((profile) => [profile.name, profile.shares ?? count]));
    this.byProfile = recordOf(
      profiles.map(({ name }) => name),
      (name) => Array.from({ length: countOf.get(name) ?? 0 }, (_, share) => this.key(name, share)),
    );
  }

  /**
   * What subjects are hashed with to find their share: ids that API Gateway made up, which stand in
   * no response and no log. Whoever reads them in the account learns which users share a limit.
   */
  get shareKey(): string {
    const ids = Object.values(this.byProfile).flatMap((keys) => keys.map(({ id }) => id));
    return ids.slice(0, usagePlanShares.idsInShareKey).join('');
  }

  /**
   * The value is an identifier, not a secret: the API's key source is the authorizer, so a key that
   * a client sends is never looked at. Derived, because two stacks of one account and region must
   * not share a value, and a deployment must not change it.
   */
  private key(profile: string, share: number): PlanKey {
    const base = `${Stack.of(this).stackName}/${Names.uniqueId(this)}`;
    const value = createHash('sha256').update(`${base}/${profile}/${share}`).digest('hex');
    const { keyId: id } = new ApiKey(this, `${profile}-${share}`, {
      value,
      description: `Gatehouse client profile ${profile}, share ${share}: chosen by the authorizer`,
    });
    return { value, id };
  }
}

export interface UsagePlansProps {
  readonly profiles: readonly PlannedCaller[];
  readonly stage: Stage;
  readonly keys: UsagePlanKeys;
}

/** RATE-8: one plan a client profile, with a key for each share of its users. */
export class UsagePlans extends Construct {
  constructor(scope: Construct, id: string, { profiles, stage, keys }: UsagePlansProps) {
    super(scope, id);
    for (const profile of profiles) {
      const own = keys.byProfile[profile.name] ?? [];
      const plan = this.plan(profile, stage, own.length);
      for (const [share, key] of own.entries())
        new CfnUsagePlanKey(this, `PlanKey-${profile.name}-${share}`, {
          keyId: key.id,
          keyType: 'API_KEY',
          usagePlanId: plan.ref,
        });
    }
  }

  private plan({ name, title, throttle, quota }: PlannedCaller, stage: Stage, shares: number) {
    return new CfnUsagePlan(this, `Plan-${name}`, {
      description: `Gatehouse client profile ${name}: ${title}`,
      apiStages: [{ apiId: stage.restApi.restApiId, stage: stage.stageName }],
      // API Gateway counts by key, so each share has the whole rate.
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      ...(quota && { quota: { limit: Math.ceil(quota.requests / shares), period: quota.period } }),
    });
  }
}
