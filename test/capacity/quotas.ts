import { isObject } from '../judges/findings.ts';
import { ofType } from '../judges/rules/rule.ts';
import type { JudgedTemplate } from '../judges/templates.ts';

const docs = 'https://docs.aws.amazon.com';

/**
 * AWS's default quotas, by account and region, read on 2026-11-26. Most can be raised; an account
 * that is new can have less (Lambda: 10).
 */
export const quotas = {
  gatewayRequestsPerSecond: {
    most: 10_000,
    source: `${docs}/apigateway/latest/developerguide/limits.html`,
  },
  lambdaConcurrency: {
    most: 1000,
    source: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  },
  /** Sign-ins and refreshes together (category UserAuthentication). */
  cognitoAuthentications: {
    most: 120,
    source: `${docs}/cognito/latest/developerguide/quotas.html`,
  },
  /** Sign-ins by a company's provider (category UserFederation). */
  cognitoFederations: {
    most: 25,
    source: `${docs}/cognito/latest/developerguide/quotas.html`,
  },
  webAclRequestsPerSecond: {
    most: 100_000,
    source: `${docs}/waf/latest/developerguide/limits.html`,
  },
  /** Writes a second that a new on-demand table takes at once; it doubles within half an hour. */
  tableWrites: {
    most: 4000,
    source: `${docs}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html`,
  },
  /** Writes a second of one partition: one user's item at most. */
  partitionWrites: {
    most: 1000,
    source: `${docs}/amazondynamodb/latest/developerguide/bp-partition-key-design.html`,
  },
} as const;

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** What our own template limits, all of it in the configuration. */
export interface OwnLimits {
  readonly mcpMethod: Throttle;
  readonly otherMethods: Throttle;
  readonly share: Throttle;
  readonly shares: number;
  readonly perAddressMinute: number;
  readonly perAddressOfClientMinute: number;
}

const number = (value: unknown): number => {
  if (typeof value !== 'number') throw new Error('The template has no figure here.');
  return value;
};

const only = (template: JudgedTemplate, type: string) => {
  const [first] = ofType(template, type);
  if (first === undefined) throw new Error(`The template has no ${type}.`);
  return first[1].Properties;
};

/** Read from the template, not from the policy. */
export const ownLimits = (template: JudgedTemplate): OwnLimits => {
  const settings = only(template, 'AWS::ApiGateway::Stage')['MethodSettings'];
  const method = (path: string): Throttle => {
    const found = (Array.isArray(settings) ? settings : []).find(
      (each) => isObject(each) && each['ResourcePath'] === path,
    );
    if (!isObject(found)) throw new Error(`The stage throttles no ${path}.`);
    return {
      ratePerSecond: number(found['ThrottlingRateLimit']),
      burst: number(found['ThrottlingBurstLimit']),
    };
  };
  const plans = ofType(template, 'AWS::ApiGateway::UsagePlan');
  const throttle = only(template, 'AWS::ApiGateway::UsagePlan')['Throttle'];
  if (!isObject(throttle)) throw new Error('A usage plan has no throttle.');
  return {
    mcpMethod: method('/~1mcp'),
    otherMethods: method('/*'),
    share: {
      ratePerSecond: number(throttle['RateLimit']),
      burst: number(throttle['BurstLimit']),
    },
    shares: ofType(template, 'AWS::ApiGateway::UsagePlanKey').length / plans.length,
    perAddressMinute: rateRule(template, 'everything-per-minute'),
    perAddressOfClientMinute: rateRule(template, 'shared-networks-'),
  };
};

const rateRule = (template: JudgedTemplate, prefix: string): number => {
  const rules = ofType(template, 'AWS::WAFv2::WebACL').flatMap(([, { Properties }]) =>
    Array.isArray(Properties['Rules']) ? Properties['Rules'].filter(isObject) : [],
  );
  const rule = rules.find(({ Name: name }) => String(name).startsWith(prefix));
  const statement = rule?.['Statement'];
  const rate = isObject(statement) ? statement['RateBasedStatement'] : undefined;
  return number(isObject(rate) ? rate['Limit'] : undefined);
};
