import * as z from 'zod';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { TokenBucket } from './token-bucket.ts';

/** What a usage plan says of one request with its key. */
export type Admission = 'admitted' | 'INVALID_API_KEY' | 'THROTTLED' | 'QUOTA_EXCEEDED';

export interface UsagePlans {
  /** @param key - a key's value, as the authorizer (or the client) gave it. */
  readonly admit: (key: string | undefined, now: number) => Admission;
}

const throttle = z.strictObject({ RateLimit: z.number(), BurstLimit: z.number() });

const planProperties = z.looseObject({
  ApiStages: z.array(z.strictObject({ ApiId: z.string(), Stage: z.string() })).default([]),
  Throttle: throttle.optional(),
  Quota: z
    .strictObject({
      Limit: z.number(),
      Period: z.enum(['DAY', 'WEEK', 'MONTH']),
      Offset: z.literal(0).optional(),
    })
    .optional(),
});

const keyProperties = z.looseObject({
  Enabled: z.boolean().default(false),
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
  Value: z.string().regex(/^[A-Za-z0-9]{20,128}$/, 'must be 20 to 128 letters and digits'),
});

const planKeyProperties = z.strictObject({
  KeyId: z.string(),
  KeyType: z.literal('API_KEY'),
  UsagePlanId: z.string(),
});

interface Meter {
  readonly bucket?: TokenBucket;
  readonly quota?: Quota;
}

/**
 * The usage plans of one stage. Limits are per key; AWS applies them best effort, here they are
 * exact.
 */
export const readUsagePlans = (stack: Stack, apiId: string, stageName: string): UsagePlans => {
  const plans = new Map(
    stack
      .resources('AWS::ApiGateway::UsagePlan')
      .map((each) => [stack.ref(each.logicalId), propertiesOf(planProperties, each)]),
  );
  const keys = new Map(
    stack
      .resources('AWS::ApiGateway::ApiKey')
      .map((each) => [stack.ref(each.logicalId), propertiesOf(keyProperties, each)]),
  );
  const meters = new Map<string, Meter>();
  for (const resource of stack.resources('AWS::ApiGateway::UsagePlanKey')) {
    const { KeyId, UsagePlanId } = propertiesOf(planKeyProperties, resource);
    const plan = plans.get(UsagePlanId);
    const key = keys.get(KeyId);
    const covered = plan?.ApiStages.some(
      ({ ApiId, Stage }) => ApiId === apiId && Stage === stageName,
    );
    if (plan === undefined || key?.Enabled !== true || !covered) continue;
    meters.set(key.Value, {
      ...(plan.Throttle && {
        bucket: new TokenBucket({
          ratePerSecond: plan.Throttle.RateLimit,
          burst: plan.Throttle.BurstLimit,
        }),
      }),
      ...(plan.Quota && { quota: new Quota(plan.Quota.Limit, plan.Quota.Period) }),
    });
  }
  return {
    admit: (key, now) => {
      const meter = meters.get(key ?? '');
      if (meter === undefined) return 'INVALID_API_KEY';
      if (meter.bucket?.take(now) === false) return 'THROTTLED';
      if (meter.quota?.take(now) === false) return 'QUOTA_EXCEEDED';
      return 'admitted';
    },
  };
};

/** Requests in a calendar period (UTC). */
class Quota {
  readonly #limit: number;
  readonly #period: 'DAY' | 'WEEK' | 'MONTH';
  #current = '';
  #used = 0;

  constructor(limit: number, period: 'DAY' | 'WEEK' | 'MONTH') {
    this.#limit = limit;
    this.#period = period;
  }

  take(now: number): boolean {
    const period = periodOf(this.#period, new Date(now));
    if (period !== this.#current) this.#used = 0;
    this.#current = period;
    this.#used += 1;
    return this.#used <= this.#limit;
  }
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

const periodOf = (period: 'DAY' | 'WEEK' | 'MONTH', date: Date): string => {
  if (period === 'MONTH') return date.toISOString().slice(0, 7);
  const day = Math.floor(date.getTime() / dayMilliseconds);
  // The epoch began on a Thursday; weeks start on Sunday.
  return period === 'DAY' ? `d${day}` : `w${Math.floor((day + 4) / 7)}`;
};
