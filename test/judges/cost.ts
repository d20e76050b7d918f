import { tracing } from '../../policy/monitoring.ts';
import { isObject } from './findings.ts';
import { assumedCall, monthlyPrices, otherPrices, pricesPerMillion } from './prices.ts';
import { ofType } from './rules/rule.ts';
import type { JudgedTemplate, TemplateResource } from './templates.ts';

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
export const monthlyItems = (template: JudgedTemplate): readonly Item[] => {
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
  ];
};

/** A band of anomalies watches three metrics: the metric and both edges of the band. */
const watched = ({ Properties: { Metrics: metrics } }: TemplateResource): number => {
  if (!Array.isArray(metrics)) return 1;
  if (JSON.stringify(metrics).includes('ANOMALY_DETECTION_BAND')) return 3;
  return metrics.filter((metric) => isObject(metric) && metric['MetricStat'] !== undefined).length;
};

/** What a million calls of a quick tool cost. */
export const itemsPerMillion = (template: JudgedTemplate): readonly Item[] => {
  const logs = otherPrices.logGigabyte / 1000;
  const requests = (what: string, price: number) => times(what, 1, price);
  const memory = (entry: string) => gigabytes(template, entry);
  const seconds =
    memory('authorizer') * assumedCall.authorizerMilliseconds +
    memory('mcp') * assumedCall.toolMilliseconds;
  const edge = ofType(template, 'AWS::CloudFront::Distribution').length;
  const edgeLog = ofType(template, 'AWS::Logs::Delivery').length;
  const accessLog = ofType(template, 'AWS::ApiGateway::Stage').filter(
    ([, { Properties }]) => Properties['AccessLogSetting'] !== undefined,
  ).length;
  const bytes =
    assumedCall.functionLogBytes +
    (logsWhatPasses(template) ? assumedCall.webAclLogBytes : 0) +
    accessLog * assumedCall.accessLogBytes +
    edgeLog * assumedCall.edgeLogBytes;
  return [
    requests('requests of the REST API', pricesPerMillion.restApiRequests),
    requests('requests that the web ACL inspects', pricesPerMillion.wafRequests),
    times('calls of functions (authorizer and tools)', 2, pricesPerMillion.lambdaRequests),
    times('GB-seconds of functions', seconds * 1000, otherPrices.lambdaGigabyteSecond),
    requests('writes to the table (the limit of the user)', pricesPerMillion.tableWrites),
    times('MB of log lines', bytes, logs),
    times('traces', tracing.fixedRate, pricesPerMillion.tracesRecorded),
    times('requests at the edge', edge, pricesPerMillion.edgeRequests),
    times('calls of the edge function', edge, pricesPerMillion.edgeFunctionCalls),
  ];
};

/** Whether the log of the stage's web ACL has a record of every request, or of refused ones alone. */
const logsWhatPasses = (template: JudgedTemplate): boolean => {
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

const gigabytes = (template: JudgedTemplate, description: string): number => {
  const [found] = ofType(template, 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties['Description'] === `Gatehouse ${description}`,
  );
  if (found === undefined) throw new Error(`There is no function ${description}`);
  return Number(found[1].Properties['MemorySize']) / 1024;
};

const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

export const sumOf = (items: readonly Item[]): number => total(items.map(({ dollars }) => dollars));

/** A table of docs/cost.md: a row for each item, a column for each template. */
export const costTable = (
  first: string,
  columns: readonly (readonly [string, readonly Item[]])[],
): string => {
  const [[, items] = ['', []]] = columns;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const money = (dollars: number) => dollars.toFixed(2);
  const quantity = (count: number) => String(Math.round(count * 1000) / 1000);
  return [
    row([first, ...columns.map(([name]) => `\`${name}\``)]),
    row(['---', ...columns.map(() => '---:')]),
    ...items.map(({ what }, index) =>
      row([
        what,
        ...columns.map(([, column]) => {
          const { count = 0, dollars = 0 } = column[index] ?? {};
          return count === 0 ? '-' : `${quantity(count)}: ${money(dollars)}`;
        }),
      ]),
    ),
    row(['**together**', ...columns.map(([, column]) => `**${money(sumOf(column))}**`)]),
  ].join('\n');
};
