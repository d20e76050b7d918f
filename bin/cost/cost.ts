import { machineBounds, machineProfilePrefix } from '../../policy/machines.ts';
import { tracing } from '../../policy/monitoring.ts';
import {
  assumedCall,
  cognitoPrices,
  monthlyPrices,
  otherPrices,
  pricesPerMillion,
  thousandMachineTokens,
} from './prices.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What is read of a synthesized template. */
export interface CostedTemplate {
  readonly resources: Readonly<Record<string, Resource>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ofType = ({ resources }: CostedTemplate, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);

/** One line of a bill. */
export interface Item {
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

const times = (what: string, count: number, price: number): Item => ({
  what,
  count,
  dollars: count * price,
});

/** What a template costs by the month while nobody calls. */
export const monthlyItems = (template: CostedTemplate): readonly Item[] => {
  const count = (type: string) => ofType(template, type).length;
  const rules = ofType(template, 'AWS::WAFv2::WebACL')
    .map(([, { Properties }]) => (Array.isArray(Properties['Rules']) ? Properties['Rules'] : []))
    .map(({ length }) => length);
  const metrics = ofType(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => watched(alarm));
  return [
    times('web ACLs', count('AWS::WAFv2::WebACL'), monthlyPrices.webAcl),
    times('rules of the web ACLs', total(rules), monthlyPrices.webAclRule),
    times('KMS keys', count('AWS::KMS::Key'), monthlyPrices.key),
    times('secrets', count('AWS::SecretsManager::Secret'), monthlyPrices.secret),
    times('metrics that alarms watch', total(metrics), monthlyPrices.alarmMetric),
    times(
      'GB of functions that are kept warm',
      warmGigabytes(template),
      otherPrices.warmGigabyteSecond * monthSeconds,
    ),
    times(
      'thousand calls of a schedule that keeps functions warm',
      scheduledCalls(template) / 1000,
      pricesPerMillion.lambdaRequests / 1000,
    ),
  ];
};

const monthSeconds = 730 * 3600;

/** By all schedules, which call each of their targets every few minutes. */
const scheduledCalls = (template: CostedTemplate): number =>
  total(
    ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => {
      const [, minutes] =
        /^rate\((\d+) minutes\)$/.exec(String(Properties['ScheduleExpression'])) ?? [];
      const targets = Properties['Targets'];
      if (minutes === undefined || !Array.isArray(targets)) return 0;
      return (monthSeconds / 60 / Number(minutes)) * targets.length;
    }),
  );

/** Instances are kept warm on a version, which names its function. */
const warmGigabytes = (template: CostedTemplate): number =>
  total(
    ofType(template, 'AWS::Lambda::Version').map(([, { Properties }]) => {
      const kept = Properties['ProvisionedConcurrencyConfig'];
      const name = Properties['FunctionName'];
      const id = isObject(name) ? String(name['Ref'] ?? '') : '';
      const memory = Number(template.resources[id]?.Properties['MemorySize'] ?? 128);
      return isObject(kept) ? (Number(kept['ProvisionedConcurrentExecutions']) * memory) / 1024 : 0;
    }),
  );

/** A band of anomalies watches three metrics: the metric and both edges of the band. */
const watched = ({ Properties: { Metrics: metrics } }: Resource): number => {
  if (!Array.isArray(metrics)) return 1;
  if (JSON.stringify(metrics).includes('ANOMALY_DETECTION_BAND')) return 3;
  return metrics.filter((metric) => isObject(metric) && metric['MetricStat'] !== undefined).length;
};

const perMillion = (what: string, price: number) => times(what, 1, price);
const megabytes = (what: string, bytes: number) =>
  times(what, bytes, otherPrices.logGigabyte / 1000);
const gigabyteSeconds = (what: string, each: number) =>
  times(what, each * 1000, otherPrices.lambdaGigabyteSecond);

/** What a million calls of a quick tool cost. */
export const itemsPerMillion = (template: CostedTemplate): readonly Item[] => [
  ...itemsOfCalls(template),
  ...itemsOfTrail(template),
];

const itemsOfCalls = (template: CostedTemplate): readonly Item[] => {
  const gigabyteMilliseconds =
    gigabytes(template, 'authorizer') * assumedCall.authorizerMilliseconds +
    gigabytes(template, 'mcp') * assumedCall.toolMilliseconds;
  const edge = ofType(template, 'AWS::CloudFront::Distribution').length;
  const edgeLog = ofType(template, 'AWS::Logs::Delivery').length;
  const accessLog = ofType(template, 'AWS::ApiGateway::Stage').filter(
    ([, { Properties }]) => Properties['AccessLogSetting'] !== undefined,
  ).length;
  const bytes =
    (logsWhatPasses(template) ? assumedCall.webAclLogBytes : 0) +
    accessLog * assumedCall.accessLogBytes +
    edgeLog * assumedCall.edgeLogBytes;
  return [
    perMillion('requests of the REST API', pricesPerMillion.restApiRequests),
    perMillion('requests that the web ACL inspects', pricesPerMillion.wafRequests),
    times('calls of functions (authorizer, tools)', 2, pricesPerMillion.lambdaRequests),
    gigabyteSeconds('GB-seconds of functions', gigabyteMilliseconds),
    perMillion('writes to the table (the limit of the user)', pricesPerMillion.tableWrites),
    megabytes('MB of log lines', bytes),
    times('traces', tracing.fixedRate, pricesPerMillion.tracesRecorded),
    times('requests at the edge', edge, pricesPerMillion.edgeRequests),
    times('calls of the edge function', edge, pricesPerMillion.edgeFunctionCalls),
  ];
};

/**
 * What the audit trail adds to them. Its writer is called once a line at most: CloudWatch Logs hands
 * lines over in batches, and says nothing of their size.
 */
export const itemsOfTrail = (template: CostedTemplate): readonly Item[] => [
  perMillion("calls of the audit trail's writer, at most", pricesPerMillion.lambdaRequests),
  gigabyteSeconds(
    'GB-seconds of it',
    gigabytes(template, 'audit-trail') * assumedCall.auditMilliseconds,
  ),
  megabytes(
    'MB of the audit trail, written and kept',
    assumedCall.auditLineBytes + assumedCall.auditCopyBytes,
  ),
];

/** Whether the log of the stage's web ACL has a record of every request, or of refused ones alone. */
const logsWhatPasses = (template: CostedTemplate): boolean => {
  const onStage = ofType(template, 'AWS::WAFv2::WebACLAssociation').filter(([, { Properties }]) =>
    JSON.stringify(Properties['ResourceArn']).includes('/stages/'),
  );
  const acls = onStage.map(([, { Properties }]) => JSON.stringify(Properties['WebACLArn']));
  return ofType(template, 'AWS::WAFv2::LoggingConfiguration')
    .filter(([, { Properties }]) => acls.includes(JSON.stringify(Properties['ResourceArn'])))
    .some(([, { Properties }]) => {
      const filter = Properties['LoggingFilter'];
      return !isObject(filter) || filter['DefaultBehavior'] !== 'DROP';
    });
};

const gigabytes = (template: CostedTemplate, description: string): number => {
  const [found] = ofType(template, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties['Description'] === `Gatehouse ${description}`,
  );
  if (found === undefined) throw new Error(`There is no function ${description}`);
  return Number(found[1].Properties['MemorySize']) / 1024;
};

const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

export const sumOf = (items: readonly Item[]): number => total(items.map(({ dollars }) => dollars));

/** People who log in within a month, to the deployment's own pool or to somebody else's. */
export const itemOfUsers = (template: CostedTemplate, users: number): Item => {
  const isPlus = ofType(template, 'AWS::Cognito::UserPool').some(
    ([, { Properties }]) => Properties['UserPoolTier'] === 'PLUS',
  );
  const { usersForNothing, user } = cognitoPrices[isPlus ? 'PLUS' : 'ESSENTIALS'];
  const words = isPlus
    ? 'people who log in, on the Plus plan'
    : `people who log in, beyond the first ${usersForNothing.toLocaleString('en')}`;
  return times(words, Math.max(0, users - usersForNothing), user);
};

/**
 * Tokens of machines.
 * @param tokens - a month; undefined for as many as the machines take that call all the time
 */
export const itemOfMachines = (template: CostedTemplate, tokens: number | undefined): Item => {
  const machines = ofType(template, 'AWS::Cognito::UserPoolClient').filter(([, { Properties }]) =>
    String(Properties['ClientName']).startsWith(machineProfilePrefix),
  ).length;
  const atMost = (machines * monthSeconds) / (machineBounds.accessTokenMinutes * 60);
  return times('thousand tokens of machines', (tokens ?? atMost) / 1000, thousandMachineTokens);
};
