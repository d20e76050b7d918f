import { makeAws } from '../../../bin/aws/aws.ts';
import { deployedChecks, examineDeployed } from '../../../bin/doctor/deployed/deployed.ts';
import { scanOf, tableOf } from '../../../bin/target/table.ts';
import { type AwsStub, type Call, type StubAnswer, startAwsStub } from '../aws-stub.ts';
import { keptOperations } from '../operations.ts';

const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const acl = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/gatehouse/1';

const listed = (type: string, id: string): string =>
  `<member><LogicalResourceId>a</LogicalResourceId><PhysicalResourceId>${id}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;
const page = (members: readonly string[], next = ''): StubAnswer => ({
  body: `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries>${next}</ListStackResourcesResult></ListStackResourcesResponse>`,
});

const subscriptions = (...arns: readonly string[]): StubAnswer => ({
  body: `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${arns
    .map(
      (arn) =>
        `<member><TopicArn>${topic}</TopicArn><Protocol>email</Protocol><SubscriptionArn>${arn}</SubscriptionArn><Owner>1</Owner><Endpoint>ops@example.com</Endpoint></member>`,
    )
    .join('')}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
});

const alarm = (changed: object = {}): StubAnswer => ({
  body: {
    MetricAlarms: [
      {
        AlarmName: 'one',
        StateValue: 'OK',
        StateReason: 'Threshold not crossed',
        ActionsEnabled: true,
        ...changed,
      },
    ],
    CompositeAlarms: [],
  },
});

const webAcl = (changed: object = {}): StubAnswer => ({
  body: {
    WebACL: {
      Name: 'gatehouse',
      Id: '1',
      ARN: acl,
      Capacity: 1281,
      Rules: [
        {
          Name: 'CommonRules',
          Priority: 1,
          VisibilityConfig: {
            SampledRequestsEnabled: true,
            CloudWatchMetricsEnabled: true,
            MetricName: 'common',
          },
        },
      ],
      ...changed,
    },
  },
});

const samples = (...actions: readonly string[]): StubAnswer => ({
  body: {
    SampledRequests: actions.map((Action) => ({
      Action,
      Weight: 1,
      Timestamp: 1_700_000_000,
      Request: { ClientIP: '192.0.2.1', Method: 'GET', URI: '/authorize', Headers: [] },
    })),
    PopulationSize: actions.length,
  },
});

/** What AWS answers for a sound deployment, in the shapes of the services' published models. */
const sound: Readonly<Record<string, StubAnswer | ((call: Call) => StubAnswer)>> = {
  ListStackResources: ({ input }) =>
    input['NextToken'] === undefined
      ? page([listed('AWS::WAFv2::WebACL', 'gatehouse|1|REGIONAL')], '<NextToken>two</NextToken>')
      : page([
          listed('AWS::CloudWatch::Alarm', 'one'),
          listed('AWS::ApiGateway::RestApi', 'api1'),
          listed('AWS::ApiGateway::Stage', 'prod'),
        ]),
  ListSubscriptionsByTopic: subscriptions(`${topic}:1`),
  'GraniteServiceVersion20100801.DescribeAlarms': alarm(),
  'AWSWAF_20190729.GetWebACL': webAcl(),
  'AWSWAF_20190729.GetWebACLForResource': webAcl(),
  'AWSWAF_20190729.GetSampledRequests': samples('ALLOW'),
};

let stub: AwsStub;
let changed: Readonly<Record<string, StubAnswer>> = {};
beforeAll(async () => {
  stub = await startAwsStub((call) => {
    const known = changed[call.name] ?? sound[call.name];
    return typeof known === 'function' ? known(call) : known;
  });
});
afterAll(() => stub.stop());
afterEach(() => {
  changed = {};
});

const examined = () => {
  const url = { url: stub.url };
  const aws = makeAws({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoints: { cloudformation: url, monitoring: url, sns: url, wafv2: url },
  });
  return examineDeployed({
    title: 'stack',
    isLocal: false,
    mcpUrl: 'https://mcp.example.com/mcp',
    userPool: 'eu-west-1_1',
    tableName: 'table',
    alarmTopic: topic,
    stack: 'Gatehouse-prod',
    aws,
    table: tableOf(aws, 'table'),
    scan: scanOf(aws, 'table'),
    write: keptOperations().write,
  });
};

const failures = async () =>
  (await examined())
    .filter(({ status }) => status === 'failed')
    .map(({ id, details }) => [id, details.join('\n')]);

it('finds nothing wrong with a sound deployment, and says what it saw', async () => {
  const outcomes = await examined();
  expect(outcomes.map(({ status }) => status)).toEqual(deployedChecks.map(() => 'passed'));
  expect(outcomes.flatMap(({ notes = [] }) => notes)).toEqual([
    'email ops@example.com',
    '1 alarms; 0 have no data yet.',
    'gatehouse: 1281 of 1500 capacity units',
    'Nothing was refused.',
  ]);
  const forResource = stub.calls.find(({ name }) => name.endsWith('GetWebACLForResource'));
  expect(forResource?.input['ResourceArn']).toBe(
    'arn:aws:apigateway:eu-west-1::/restapis/api1/stages/prod',
  );
});

const weaknesses: Readonly<
  Record<string, readonly [Readonly<Record<string, StubAnswer>>, string, string]>
> = {
  'a subscription that nobody confirmed': [
    { ListSubscriptionsByTopic: subscriptions('PendingConfirmation') },
    'alarm-mail',
    'email ops@example.com is not confirmed.',
  ],
  'nobody is subscribed': [
    { ListSubscriptionsByTopic: subscriptions() },
    'alarm-mail',
    'alarms reach nobody',
  ],
  'an alarm is on': [
    { 'GraniteServiceVersion20100801.DescribeAlarms': alarm({ StateValue: 'ALARM' }) },
    'alarms',
    'one is on: Threshold not crossed',
  ],
  'an alarm is silenced': [
    { 'GraniteServiceVersion20100801.DescribeAlarms': alarm({ ActionsEnabled: false }) },
    'alarms',
    'one is silenced',
  ],
  'the web ACL does not stand before the stage': [
    { 'AWSWAF_20190729.GetWebACLForResource': { body: {} } },
    'web-acl',
    'Before the stage stands no web ACL.',
  ],
  'the web ACL needs more than the basic price covers': [
    { 'AWSWAF_20190729.GetWebACL': webAcl({ Capacity: 1600 }) },
    'web-acl',
    'gatehouse needs 1600 capacity units.',
  ],
};

describe('a deployment fails where it is weak:', () => {
  it.each(Object.entries(weaknesses))('%s', async (_name, [answers, id, text]) => {
    changed = answers;
    expect(await failures()).toEqual([[id, expect.stringContaining(text)]]);
  });
});

it('shows what a rule refused', async () => {
  changed = { 'AWSWAF_20190729.GetSampledRequests': samples('BLOCK', 'ALLOW', 'BLOCK') };
  const outcomes = await examined();
  expect(outcomes.find(({ id }) => id === 'sampled-requests')?.notes).toEqual([
    'gatehouse: rule CommonRules refused 2 of the sampled requests, such as GET /authorize of 192.0.2.1.',
  ]);
});
