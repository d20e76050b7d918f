import { createHash } from 'node:crypto';
import { ApiKey, CfnUsagePlan, CfnUsagePlanKey, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { Names, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../policy/clients.ts';

export interface UsagePlansProps {
  readonly profiles: readonly ClientProfile[];
  readonly stage: Stage;
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * The value of each profile's usage-plan key, which the authorizer answers with to choose the plan
 * (RATE-8). An identifier, not a secret: the API's key source is the authorizer, so a key that a
 * client sends is never looked at. Derived, because two stacks of one account and region must not
 * share a value, and a deployment must not change it.
 */
export const usagePlanKeys = (
  scope: Construct,
  profiles: readonly ClientProfile[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    profiles.map(({ name }) => [
      name,
      createHash('sha256')
        .update(`${Stack.of(scope).stackName}/${Names.uniqueId(scope)}/${name}`)
        .digest('hex'),
    ]),
  );

/** RATE-8: one plan and one key a client profile. */
export class UsagePlans extends Construct {
  constructor(scope: Construct, id: string, { profiles, stage, keys }: UsagePlansProps) {
    super(scope, id);
    for (const { name, title, throttle, quota } of profiles) {
      const value = keys[name];
      if (value === undefined) throw new Error(`No usage plan key for the client profile ${name}.`);
      const key = new ApiKey(this, `Key-${name}`, {
        value,
        description: `Gatehouse client profile ${name}: chosen by the authorizer`,
      });
      const plan = new CfnUsagePlan(this, `Plan-${name}`, {
        description: `Gatehouse client profile ${name}: ${title}`,
        apiStages: [{ apiId: stage.restApi.restApiId, stage: stage.stageName }],
        throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
        ...(quota && { quota: { limit: quota.requests, period: quota.period } }),
      });
      new CfnUsagePlanKey(this, `PlanKey-${name}`, {
        keyId: key.keyId,
        keyType: 'API_KEY',
        usagePlanId: plan.ref,
      });
    }
  }
}
