import { itemsPerMillion, monthlyItems, sumOf } from '../../bin/cost/cost.ts';
import type { JudgedTemplate } from '../judges/templates.ts';
import { functionSeconds, people } from './assumptions.ts';
import { ownLimits, quotas } from './quotas.ts';

/** One thing that a deployment can have too much of. */
export interface Bound {
  readonly what: string;
  /** In the busiest hour, or on the first day. */
  readonly used: number;
  readonly most: number;
  readonly unit: string;
  /** Where it can be raised. */
  readonly raise: string;
}

const refreshSeconds = 900;

/** What so many users need, beside what there is, the tightest first. */
export const bounds = (template: JudgedTemplate, users: number): readonly Bound[] => {
  const own = ownLimits(template);
  const active = users * people.activeShare;
  const calls = (active * people.callsPerActiveMinute) / 60;
  const refreshes = active / refreshSeconds;
  const firstDay = users / people.firstDaySeconds;
  const logins = firstDay * people.requestsPerLogin;
  const long = calls * people.longCallShare * people.longCallSeconds;
  const concurrency =
    calls * (functionSeconds.authorizer + functionSeconds.mcp) +
    refreshes * functionSeconds.token +
    long;
  const all: readonly Bound[] = [
    {
      what: 'calls, by the method throttle of `/mcp`',
      used: calls,
      most: own.mcpMethod.ratePerSecond,
      unit: '/s',
      raise: '`methodThrottles.mcp`',
    },
    {
      what: 'calls of one profile, by the usage-plan keys of its shares',
      used: calls,
      most: own.share.ratePerSecond * own.shares,
      unit: '/s',
      raise: '`profiles[].throttle`, `usagePlanShares`',
    },
    {
      what: 'refreshes and logins of the first day, by the throttle of the other methods',
      used: refreshes + logins,
      most: own.otherMethods.ratePerSecond,
      unit: '/s',
      raise: '`methodThrottles.default`',
    },
    {
      what: 'requests of the account, by API Gateway',
      used: calls + refreshes + logins,
      most: quotas.gatewayRequestsPerSecond.most,
      unit: '/s',
      raise: 'AWS, quota L-8A5B8E43',
    },
    {
      what: 'concurrent functions, by Lambda',
      used: concurrency,
      most: quotas.lambdaConcurrency.most,
      unit: '',
      raise: 'AWS, quota L-B99A9384',
    },
    {
      what: 'sign-ins of the first day and refreshes, by Cognito',
      used: firstDay + refreshes,
      most: quotas.cognitoAuthentications.most,
      unit: '/s',
      raise: 'AWS, for money by the request per second',
    },
    {
      what: 'sign-ins of the first day by the company’s provider, by Cognito',
      used: firstDay,
      most: quotas.cognitoFederations.most,
      unit: '/s',
      raise: 'AWS, for money by the request per second; or invite in groups',
    },
    {
      what: 'writes to the table, when it is new',
      used: calls + 2 * refreshes + 4 * firstDay,
      most: quotas.tableWrites.most,
      unit: '/s',
      raise: 'a warm throughput of the table; it grows by itself',
    },
    {
      what: 'requests at the web ACL',
      used: calls + refreshes + logins,
      most: quotas.webAclRequestsPerSecond.most,
      unit: '/s',
      raise: 'AWS',
    },
  ];
  return all.toSorted((one, other) => other.used / other.most - one.used / one.most);
};

/** Dollars a month of so many users, without Cognito's own price. */
export const monthlyDollars = (template: JudgedTemplate, users: number) => {
  const millions = (users * people.callsPerWorkday * people.workdaysPerMonth) / 1e6;
  const perMillion = sumOf(itemsPerMillion(template));
  return {
    millions,
    calls: millions * perMillion,
    idle: sumOf(monthlyItems(template)),
  };
};
