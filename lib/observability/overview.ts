import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { SecurityEvent } from '../../policy/security-events.ts';
import type { ExportedLogins } from './exported-logins.ts';
import {
  eventByEndpoint,
  eventMetric,
  failedLogins,
  ofPool,
  period,
  toolMetric,
} from './metrics.ts';
import type { Watched } from './watched.ts';

export interface OverviewProps extends Watched {
  readonly alarms: readonly Alarm[];
  /** What clients connect to. */
  readonly mcpUrl: string;
  /** Whether tools have metrics of their own. */
  readonly toolMetrics: boolean;
  /** Where threat protection is on. */
  readonly exported: ExportedLogins | undefined;
}

/** MON-1: the five that an operator looks at by endpoint. */
const byEndpoint = [
  'AuthenticationFailure',
  'RateLimitExceeded',
  'InvalidToken',
  'CorsViolation',
  'InputValidationFailure',
] as const satisfies readonly SecurityEvent[];

const rareEvents = [
  'CodeReplay',
  'RefreshTokenReuse',
  'RegistrationRefused',
  'UnknownMcpMethod',
  'AccessRefused',
  'BlockedUser',
  'UserLimitUnavailable',
  'AuthorizerFailure',
] as const satisfies readonly SecurityEvent[];

const wholeRow = 24;
const half = 12;
const third = 8;

/**
 * MON-3: read from the top: is anything wrong, is it being used, is anybody attacking, what is it
 * made of.
 */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, props: OverviewProps) {
    super(scope, id);
    const { stage, functions, table, logins, metricsNamespace: namespace } = props;
    const rows: IWidget[][] = [
      [
        new TextWidget({
          width: wholeRow,
          height: 1,
          markdown: `**Gatehouse** ${props.mcpUrl} · alarms explained in docs/runbook.md`,
        }),
      ],
      [
        new AlarmStatusWidget({
          title: 'Alarms',
          width: wholeRow,
          height: 3,
          alarms: [...props.alarms],
        }),
      ],
      [
        graph('Requests', half, [stage.metricCount({ period, statistic: 'Sum' })]),
        graph('Answers', half, [
          stage.metricClientError({ period, statistic: 'Sum', label: '4xx' }),
          stage.metricServerError({ period, statistic: 'Sum', label: '5xx' }),
        ]),
      ],
      [
        graph('Latency', half, [
          stage.metricLatency({ period, statistic: Stats.p(50), label: 'p50' }),
          stage.metricLatency({ period, statistic: Stats.p(99), label: 'p99' }),
        ]),
        graph('Refused by the web ACL', half, props.rateRefusals),
      ],
      byEndpoint
        .slice(0, 3)
        .map((event) => graph(`${event}, by endpoint`, third, [eventByEndpoint(namespace, event)])),
      [
        ...byEndpoint
          .slice(3)
          .map((event) =>
            graph(`${event}, by endpoint`, third, [eventByEndpoint(namespace, event)]),
          ),
        graph(
          'Rare events',
          third,
          rareEvents.map((event) => eventMetric(namespace, event)),
        ),
      ],
      [
        graph('Logins at Cognito', half, [
          failedLogins(logins.userPoolId, logins.clientIds),
          ofPool(logins.userPoolId, 'SignInSuccesses', Stats.SUM),
        ]),
        graph('Logins by a provider, and throttled ones', half, [
          ofPool(logins.userPoolId, 'FederationSuccesses', Stats.SUM),
          ofPool(logins.userPoolId, 'SignInThrottles', Stats.SUM),
          ofPool(logins.userPoolId, 'FederationThrottles', Stats.SUM),
          ofPool(logins.userPoolId, 'TokenRefreshThrottles', Stats.SUM),
        ]),
      ],
      ...(props.exported === undefined
        ? []
        : [
            [
              graph('Logins that threat protection saw', wholeRow, [
                props.exported.failed,
                props.exported.risky,
              ]),
            ],
          ]),
      ...(props.toolMetrics ? [toolGraphs(namespace)] : []),
      [
        graph(
          'Function duration, p99',
          half,
          functions.map(({ name, function: fn }) =>
            fn.metricDuration({ period, statistic: Stats.p(99), label: name }),
          ),
        ),
        graph('Function errors and throttles', half, [
          ...functions.map(({ name, function: fn }) =>
            fn.metricErrors({ period, label: `${name} errors` }),
          ),
          ...functions.map(({ name, function: fn }) =>
            fn.metricThrottles({ period, label: `${name} throttles` }),
          ),
        ]),
      ],
      [
        graph(
          'Table latency',
          half,
          tableOperations.map((operation) =>
            table.metricSuccessfulRequestLatency({
              period,
              dimensionsMap: { TableName: table.tableName, Operation: operation },
            }),
          ),
        ),
        graph('Table capacity', half, [
          table.metricConsumedReadCapacityUnits({ period }),
          table.metricConsumedWriteCapacityUnits({ period }),
        ]),
      ],
    ];
    new Dashboard(this, 'Dashboard', { widgets: rows });
  }
}

const toolGraphs = (namespace: string): IWidget[] => [
  graph('Calls of each tool', third, [toolMetric(namespace, 'ToolCalls', Stats.SUM)]),
  graph('Errors of each tool', third, [toolMetric(namespace, 'ToolErrors', Stats.SUM)]),
  graph('Duration of each tool, p95', third, [toolMetric(namespace, 'ToolDuration', Stats.p(95))]),
];

const tableOperations = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

const graph = (title: string, width: number, left: readonly IMetric[]) =>
  new GraphWidget({ title, width, left: [...left] });
