import { isObject } from '../findings.ts';
import type { JudgedTemplate, Value } from '../templates.ts';
import { ofType, type Rule } from './rule.ts';

const reference = (value: Value | undefined): string =>
  isObject(value) ? String(value['Ref'] ?? '') : '';
const arnOwner = (value: Value | undefined): string =>
  /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(value ?? null))?.[1] ?? '';
const logGroupOf = (template: JudgedTemplate, fn: string): string => {
  const logging = template.resources[fn]?.Properties['LoggingConfig'];
  return isObject(logging) ? reference(logging['LogGroup']) : '';
};

interface Subscription {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

const subscriptionsIn = (template: JudgedTemplate): readonly Subscription[] =>
  ofType(template, 'AWS::Logs::SubscriptionFilter').map(([id, { Properties }]) => ({
    id,
    from: reference(Properties['LogGroupName']),
    to: arnOwner(Properties['DestinationArn']),
  }));

const isFunction = (template: JudgedTemplate, id: string): boolean =>
  template.resources[id]?.Type === 'AWS::Lambda::Function';

/**
 * AWS refuses a subscription whose function CloudWatch Logs may not invoke, and skips lines when
 * the permission goes.
 */
const mayHandOver: Rule = {
  name: 'every subscription of a log group may hand lines over',
  judge: (template) => {
    const permissions = ofType(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) =>
        `${arnOwner(Properties['FunctionName'])} ${String(Properties['Principal'])} ${arnOwner(Properties['SourceArn'])}`,
    );
    return subscriptionsIn(template)
      .filter(({ to }) => isFunction(template, to))
      .filter(({ from, to }) => !permissions.includes(`${to} logs.amazonaws.com ${from}`))
      .map(({ id, from }) => `${id} may not hand over lines of ${from}`);
  },
};

/** A function that is handed what it writes invokes itself for ever. */
const noLoop: Rule = {
  name: 'no function is handed the lines that it writes',
  judge: (template) =>
    subscriptionsIn(template)
      .filter(({ to, from }) => isFunction(template, to) && logGroupOf(template, to) === from)
      .map(({ id }) => `${id} hands a function its own lines`),
};

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html */
const mostSubscriptions = 2;

const roomForOthers: Rule = {
  name: 'every log group has room for a subscription of its owner',
  judge: (template) => {
    const groups = subscriptionsIn(template).map(({ from }) => from);
    return [...new Set(groups)].filter(
      (group) => groups.filter((each) => each === group).length >= mostSubscriptions,
    );
  },
};

/** LOG-6. */
const trailIsFed: Rule = {
  name: 'the audit trail has the lines of every function that knows of people',
  judge: (template) => {
    const named = (name: string) =>
      ofType(template, 'AWS::Lambda::Function')
        .filter(([, { Properties }]) => Properties['Description'] === `Gatehouse ${name}`)
        .map(([id]) => id);
    const fed = new Set(subscriptionsIn(template).map(({ from, to }) => `${from} ${to}`));
    const writers = named('audit-trail');
    return ['authorizer', 'authorization', 'token', 'mcp'].flatMap((name) =>
      named(name)
        .filter((id) => !writers.some((to) => fed.has(`${logGroupOf(template, id)} ${to}`)))
        .map((id) => `${id} tells the trail nothing`),
    );
  },
};

export const auditRules: readonly Rule[] = [mayHandOver, noLoop, roomForOthers, trailIsFed];
