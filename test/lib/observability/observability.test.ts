import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from '../../../policy/functions.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { monitoring } from '../../../policy/monitoring.ts';
import { readyProfiles } from '../../../policy/ready-profiles.ts';
import { metricsNamespace, securityEvents } from '../../../policy/security-events.ts';
import {
  only,
  properties,
  resources,
  servingFunctions,
  synthesized,
  text,
  withDomain,
} from '../synthesized.ts';
import { runQuery } from './insights.ts';

/** Nobody signs up here: no function decides about it. */
const deployed = functionNames.filter((name) => name !== 'pre-sign-up');

const template = synthesized({ ...withDomain, alarmEmail: 'ops@example.com' });
const alarms = properties(template, 'AWS::CloudWatch::Alarm');
/** Its own, so that two deployments of one account do not set off each other's alarms. */
const namespace = `${metricsNamespace}/Gatehouse-test-Gatehouse`;
const alarm = (name: string, of = alarms) =>
  of.find(({ AlarmDescription }) => AlarmDescription.startsWith(`Gatehouse ${name}:`));

/** What CloudWatch makes of a sum of metrics, each filled up with 0. */
const sumOf = (expression: string, figures: Readonly<Record<string, number>>): number => {
  expect(expression).toMatch(/^FILL\(\w+, 0\)( [+-] FILL\(\w+, 0\))*$/);
  return Array.from(expression.matchAll(/(^|[+-] )FILL\((\w+), 0\)/g)).reduce(
    (sum, [, sign, id = '']) => sum + (sign === '- ' ? -1 : 1) * (figures[id] ?? 0),
    0,
  );
};

describe('the alarms (MON-2)', () => {
  test('watch every security event, with the figure of the policy', () => {
    for (const [event, { alarm: threshold }] of Object.entries(securityEvents)) {
      expect(alarm(event)).toMatchObject({
        Threshold: threshold,
        TreatMissingData: 'notBreaching',
      });
      // Those of the authorizer stand whole in the gateway's log.
      const metric = event === 'AuthorizerFailure' ? 'FailedAuthorizations' : event;
      expect(JSON.stringify(alarm(event))).toContain(`"MetricName":"${metric}"`);
      expect(JSON.stringify(alarm(event))).toContain(`"Namespace":"${namespace}"`);
    }
  });

  test('count what the web ACL refuses over a limit with what the functions refuse', () => {
    expect(JSON.stringify(alarm('RateLimitExceeded'))).toContain('"over-limit-60-jsonrpc"');
  });

  test('take the share of 5xx, not their number', () => {
    expect(alarm('Errors5xx')).toMatchObject({ Threshold: monitoring.serverErrors.percent });
    expect(JSON.stringify(alarm('Errors5xx'))).toContain('100 * errors / requests');
  });

  test('take p99 latency by its own band', () => {
    expect(JSON.stringify(alarm('LatencyP99'))).toContain('ANOMALY_DETECTION_BAND');
    expect(alarm('LatencyP99')).toMatchObject({ ComparisonOperator: 'GreaterThanUpperThreshold' });
  });

  const watched = (name: string, of = alarms): readonly string[] =>
    alarm(name, of)?.['Metrics'].flatMap(
      ({ MetricStat }: { MetricStat?: { Metric: { Dimensions: { Value: unknown }[] } } }) =>
        MetricStat?.Metric.Dimensions.map(({ Value }) => text(Value)) ?? [],
    );

  test('LambdaErrors looks at no authorizer, whose 401 is an error, and at nothing that Errors5xx sees', () => {
    expect(watched('LambdaErrors')).toHaveLength(deployed.length - 4);
    expect(watched('LambdaErrors').join()).not.toMatch(/authorizer/);
  });

  test('the authorizer is watched by what API Gateway calls its failure', () => {
    expect(only(template, 'AWS::Logs::MetricFilter')).toMatchObject({
      FilterPattern:
        '{ ($.errorType = "AUTHORIZER_FAILURE") || ($.errorType = "AUTHORIZER_CONFIGURATION_ERROR") }',
      MetricTransformations: [{ MetricName: 'FailedAuthorizations', MetricNamespace: namespace }],
    });
    expect(alarm('AuthorizerFailure')).toMatchObject({ MetricName: 'FailedAuthorizations' });
  });

  test('without an access log the authorizer still counts its own failures', () => {
    const without = synthesized({ ...withDomain, cloudWatchRole: false });
    const [found] = properties(without, 'AWS::CloudWatch::Alarm').filter(({ AlarmDescription }) =>
      AlarmDescription.startsWith('Gatehouse AuthorizerFailure:'),
    );
    expect(JSON.stringify(found)).toContain('"MetricName":"AuthorizerFailure"');
    expect(JSON.stringify(found)).not.toContain('FailedAuthorizations');
  });

  test('LambdaThrottles looks at the functions that feel first that concurrency is used up', () => {
    const names = (of: readonly string[] = []) =>
      of.map((each) => /s(authorizer|token|mcp)[A-F0-9]/.exec(each)?.[1]);
    expect(names(watched('LambdaThrottles'))).toEqual(['token', 'mcp']);
    // AuthorizerFailure counts what API Gateway could not ask it, where there is an access log.
    const without = properties(
      synthesized({ ...withDomain, cloudWatchRole: false }),
      'AWS::CloudWatch::Alarm',
    );
    expect(names(watched('LambdaThrottles', without))).toEqual(['authorizer', 'token', 'mcp']);
  });

  describe('of failed logins', () => {
    interface Watched {
      readonly Id: string;
      readonly Expression?: string;
      readonly MetricStat?: {
        readonly Stat: string;
        readonly Metric: {
          readonly Namespace: string;
          readonly MetricName: string;
          readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
        };
      };
    }
    const metrics: readonly Watched[] = alarm('FailedLogins')?.['Metrics'] ?? [];
    const clients = properties(template, 'AWS::Cognito::UserPoolClient');

    test('takes the samples of what Cognito counts less those that succeeded, of every app client', () => {
      expect(alarm('FailedLogins')).toMatchObject({ Threshold: monitoring.failedLogins });
      const read = metrics.flatMap(({ Id, MetricStat }) =>
        MetricStat ? [{ Id, ...MetricStat }] : [],
      );
      expect(read).toHaveLength(2 * clients.length);
      for (const { Metric } of read) {
        expect(Metric).toMatchObject({ Namespace: 'AWS/Cognito', MetricName: 'SignInSuccesses' });
        expect(Metric.Dimensions.map(({ Name }) => Name)).toEqual(['UserPool', 'UserPoolClient']);
      }
      const figures: Readonly<Record<string, number>> = Object.fromEntries(
        // Of each app client: 7 tried, 4 of them came in.
        read.map(({ Id, Stat }) => [Id, Stat === 'SampleCount' ? 7 : 4]),
      );
      const [{ Expression = '' } = {}] = metrics.filter(({ Expression: each }) => each);
      expect(sumOf(Expression, figures)).toBe(3 * clients.length);
      // Nobody tried: no data, and no alarm.
      expect(sumOf(Expression, {})).toBe(0);
    });

    test('is several where there are more app clients than an alarm has room for', () => {
      const many = synthesized({
        ...withDomain,
        profiles: ['a', 'b', 'c'].map((name) => ({
          name,
          redirectUris: [`https://${name}.example.com/callback`],
        })),
      });
      const [first, second, ...more] = properties(many, 'AWS::CloudWatch::Alarm').filter(
        ({ AlarmDescription }) => AlarmDescription.startsWith('Gatehouse FailedLogins'),
      );
      expect(more).toEqual([]);
      const watches = (of: typeof first) =>
        of?.['Metrics'].filter(({ MetricStat }: Watched) => MetricStat).length;
      expect([watches(first), watches(second)]).toEqual([10, 2]);
      expect(second?.['AlarmDescription']).toMatch(/#failedlogins$/);
    });

    test('is there only where people have passwords in the pool', () => {
      const without = synthesized({
        ...withDomain,
        identity: {
          passwords: false,
          providers: [
            {
              type: 'saml',
              name: 'company',
              metadataUrl: 'https://login.example.com/metadata',
            },
          ],
        },
      });
      const names = properties(without, 'AWS::CloudWatch::Alarm').map(
        ({ AlarmDescription }) => AlarmDescription,
      );
      expect(names.join()).not.toContain('FailedLogins');
    });
  });

  test('all tell the topic', () => {
    expect(alarms).toHaveLength(Object.keys(securityEvents).length + 5);
    for (const { AlarmActions } of alarms)
      expect(AlarmActions).toEqual([{ Ref: expect.stringContaining('Topic') }]);
  });

  test('each have a section in the runbook that their description names (MON-5)', () => {
    const runbook = join(import.meta.dirname, '..', '..', '..', 'docs', 'runbook.md');
    expect(existsSync(runbook)).toBe(true);
    const sections = [...readFileSync(runbook, 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) =>
      title?.toLowerCase(),
    );
    for (const { AlarmDescription } of alarms)
      expect(sections).toContain(/#(\w+)$/.exec(AlarmDescription)?.[1]);
  });
});

test('the functions count where the alarms look', () => {
  const counted = Object.values(servingFunctions(template))
    .map(({ Properties }) => Properties)
    .flatMap(({ Environment: { Variables } }) => Variables.POWERTOOLS_METRICS_NAMESPACE ?? []);
  expect(new Set(counted)).toEqual(new Set([namespace]));
});

describe('the topic', () => {
  test('is encrypted, and takes messages over TLS alone', () => {
    expect(only(template, 'AWS::SNS::Topic')).toMatchObject({ KmsMasterKeyId: expect.anything() });
    expect(JSON.stringify(only(template, 'AWS::SNS::TopicPolicy'))).toContain(
      '"aws:SecureTransport":"false"',
    );
  });

  test('lets CloudWatch of this account publish: its policy replaces the default one', () => {
    const { Statement } = only(template, 'AWS::SNS::TopicPolicy')['PolicyDocument'];
    expect(Statement).toContainEqual({
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: expect.stringContaining('Topic') },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  test('is an output', () => {
    const outputs = Object.values(template.findOutputs('*')).map(({ Value }) => text(Value));
    expect(outputs).toContainEqual(expect.stringMatching(/^\$\{\w*Topic\w*\}$/));
  });

  test('writes to whoever is configured', () => {
    expect(only(template, 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    synthesized().resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

test('the dashboard shows the five metrics by endpoint (MON-1, MON-3)', () => {
  const body = JSON.stringify(only(template, 'AWS::CloudWatch::Dashboard'));
  expect(body).toContain(namespace);
  for (const event of [
    'AuthenticationFailure',
    'RateLimitExceeded',
    'InvalidToken',
    'CorsViolation',
    'InputValidationFailure',
  ])
    expect(body).toContain(`${event}, by endpoint`);
});

test('the saved queries are those of the runbook (MON-4)', () => {
  const queries = properties(template, 'AWS::Logs::QueryDefinition');
  expect(queries.map(({ Name }) => Name)).toEqual(
    [
      'Repeated authentication failures from one address',
      'Rate-limit events',
      'Invalid token formats',
      'CORS violations',
      'Unusual MCP methods',
      'Audit: who called what',
      'Audit: what one person did',
      'Audit: which tool fails',
      'Audit: calls and duration of each tool',
      'Audit: which client is new',
      'Audit: what was refused to whom',
      'Audit: logins, operations and deployments',
    ].map((name) => `Gatehouse-test-Gatehouse/${name}`),
  );
  const read = (name: string) =>
    queries.find(({ Name }) => Name.endsWith(`/${name}`))?.['LogGroupNames'];
  expect(read('CORS violations')).toHaveLength(deployed.length);
  // The web ACLs refuse most of what is over a limit.
  expect(read('Rate-limit events')).toHaveLength(deployed.length + 2);
  expect(read('Audit: who called what')).toHaveLength(1);
});

test('the query for rate limits finds what a function refused, and what the web ACLs did (LOG-4)', () => {
  const query = properties(template, 'AWS::Logs::QueryDefinition').find(({ Name }) =>
    Name.endsWith('/Rate-limit events'),
  );
  const line = (members: object) => JSON.stringify({ timestamp: '2026-01-01', ...members });
  const httpRequest = { clientIp: '192.0.2.1', uri: '/register' };
  const blocked = (terminatingRuleId: string, terminatingRuleType: string, more: object = {}) =>
    line({ action: 'BLOCK', httpRequest, terminatingRuleId, terminatingRuleType, ...more });
  const overLimit = blocked('over-limit-60', 'REGULAR', { responseCodeSent: 429 });
  // Records of AWS WAF, as its developer guide shows them ("Log examples").
  const rows = runQuery(query?.['QueryString'], [
    line({
      event: 'RateLimitExceeded',
      limit: 'user per minute',
      user: 'u',
      sourceIp: '192.0.2.9',
      endpoint: '/mcp',
    }),
    overLimit,
    overLimit,
    blocked('login-pages-per-window', 'RATE_BASED'),
    blocked('refuse', 'REGULAR'),
    line({ action: 'ALLOW', httpRequest, terminatingRuleId: 'Default_Action' }),
    line({ event: 'CorsViolation' }),
  ]);
  expect(rows).toMatchObject([
    { rule: 'over-limit-60', address: '192.0.2.1', place: '/register', refused: 2 },
    { rule: 'user per minute', user: 'u', address: '192.0.2.9', place: '/mcp', refused: 1 },
    { rule: 'login-pages-per-window', address: '192.0.2.1', refused: 1 },
  ]);
});

test('requests are traced from the stage to the functions', () => {
  expect(only(template, 'AWS::ApiGateway::Stage')['TracingEnabled']).toBe(true);
});

describe('where threat protection is on', () => {
  const plus = synthesized({ ...withDomain, identity: { threatProtection: true } });
  const [group, ...others] = Object.entries(resources(plus, 'AWS::Logs::LogGroup')).filter(
    ([, { Properties }]) => text(Properties['LogGroupName']).startsWith('/aws/vendedlogs/cognito/'),
  );
  const [id = '', log] = group ?? [];

  test('Cognito exports logins to a log group of the deployment, which ends as all others do', () => {
    expect(others).toEqual([]);
    expect(log?.Properties['RetentionInDays']).toBe(lifetimes.logRetentionDays);
    // Cognito refuses one under a key of the account.
    expect(log?.Properties).not.toHaveProperty('KmsKeyId');
    expect(only(plus, 'AWS::Cognito::LogDeliveryConfiguration')).toEqual({
      UserPoolId: { Ref: expect.stringMatching(/UserPool/) },
      LogConfigurations: [
        {
          EventSource: 'userAuthEvents',
          LogLevel: 'INFO',
          CloudWatchLogsConfiguration: { LogGroupArn: expect.anything() },
        },
      ],
    });
    const [delivery] = properties(plus, 'AWS::Cognito::LogDeliveryConfiguration');
    expect(
      text(delivery?.['LogConfigurations'][0].CloudWatchLogsConfiguration.LogGroupArn),
    ).toMatch(new RegExp(`:log-group:\\$\\{${id}\\}$`));
  });

  test('the alarm for failed logins takes what was exported, where that is more', () => {
    const alarm = properties(plus, 'AWS::CloudWatch::Alarm').find(({ AlarmDescription }) =>
      AlarmDescription.startsWith('Gatehouse FailedLogins:'),
    );
    const metrics: readonly { readonly Id: string }[] = alarm?.['Metrics'];
    expect(metrics[0]).toMatchObject({ Expression: 'MAX([FILL(one, 0), FILL(other, 0)])' });
    expect(metrics.find(({ Id }) => Id === 'other')).toMatchObject({
      MetricStat: { Metric: { MetricName: 'ExportedLoginsFailed' } },
    });
    expect(metrics.filter((each) => 'MetricStat' in each).length).toBeLessThanOrEqual(10);
  });

  test('an alarm of many clients stays below ten metrics', () => {
    const profiles = Object.keys(readyProfiles).map((name) => ({ name }));
    const many = synthesized({ ...withDomain, identity: { threatProtection: true }, profiles });
    for (const { Metrics } of properties(many, 'AWS::CloudWatch::Alarm'))
      expect(
        (Metrics ?? []).filter((each: object) => 'MetricStat' in each).length,
      ).toBeLessThanOrEqual(10);
  });

  test('the dashboard and a saved query show them', () => {
    expect(JSON.stringify(only(plus, 'AWS::CloudWatch::Dashboard'))).toContain(
      'Logins that threat protection saw',
    );
    const query = properties(plus, 'AWS::Logs::QueryDefinition').find(({ Name }) =>
      Name.endsWith('/Logins that failed or were a risk'),
    );
    expect(query?.['LogGroupNames']).toEqual([{ Ref: id }]);
    // As the developer guide shows them ("User activity log export").
    const login = (message: object) =>
      JSON.stringify({
        eventSource: 'USER_ACTIVITY',
        logLevel: 'INFO',
        timestamp: '2026-01-01',
        message: {
          eventType: 'SIGN_IN',
          userSub: 'u',
          ipAddress: '192.0.2.1',
          eventResponse: 'Pass',
          riskDecision: 'PASS',
          compromisedCredentialDetected: 'false',
          ...message,
        },
      });
    const rows = runQuery(query?.['QueryString'], [
      login({}),
      login({ eventResponse: 'Fail' }),
      login({ eventResponse: 'Fail', userSub: 'v' }),
      login({ riskDecision: 'BLOCK', ipAddress: '192.0.2.2' }),
      login({ compromisedCredentialDetected: 'true', ipAddress: '192.0.2.3' }),
    ]);
    expect(rows).toMatchObject([
      { 'message.ipAddress': '192.0.2.1', attempts: 2, users: 2 },
      { 'message.ipAddress': '192.0.2.2', attempts: 1 },
      { 'message.ipAddress': '192.0.2.3', attempts: 1 },
    ]);
  });

  test('none of it is there otherwise', () => {
    template.resourceCountIs('AWS::Cognito::LogDeliveryConfiguration', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/vendedlogs|ExportedLogins/);
  });
});
