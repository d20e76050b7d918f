import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { StartupFailure } from '../../../local/failure.ts';
import { readInvokePermissions } from '../../../local/iam/invoke-permissions.ts';
import { LambdaFunction } from '../../../local/lambda/function.ts';
import { readSubscriptions } from '../../../local/logs/subscriptions.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { loadStack } from '../../../local/template/stack.ts';
import { templateSchema } from '../../../local/template/template.ts';

const ofWriter = { 'Fn::GetAtt': ['Writer', 'Arn'] };
const permission = (principal: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: ofWriter,
    Principal: principal,
    SourceArn: { 'Fn::GetAtt': ['Lines', 'Arn'] },
  },
});
const filter = (destination: unknown = ofWriter) => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  Properties: {
    LogGroupName: { Ref: 'Lines' },
    FilterPattern: '{ $.trail = "*" }',
    DestinationArn: destination,
  },
});

/** A function that runs nowhere and keeps what it is invoked with. */
class Remembering extends LambdaFunction {
  readonly #events: unknown[];

  constructor(events: unknown[], settings: ConstructorParameters<typeof LambdaFunction>[0]) {
    super(settings);
    this.#events = events;
  }

  override async invoke(event: unknown) {
    this.#events.push(event);
    return { kind: 'result', payload: 'null' } as const;
  }
}

/** A log group `lines`, whose lines go to the function `Writer`. */
const subscribed = (more: Readonly<Record<string, unknown>>) => {
  const stack = loadStack({
    deployment: deploymentIn(undefined, 'Orders'),
    template: templateSchema.parse({
      Resources: {
        Lines: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'lines' } },
        Writer: { Type: 'AWS::Lambda::Function', Properties: {} },
        ...more,
      },
    }),
    assetFolder: () => '',
  });
  const events: unknown[] = [];
  const arn = stack.attribute('Writer', 'Arn');
  const writer = new Remembering(events, {
    module: '/none/index.mjs',
    handler: 'handler',
    functionName: 'writer',
    functionArn: arn,
    memoryMegabytes: 128,
    logGroupName: 'writer',
    logStreamName: 'writer',
    routes: [],
    clock: new SharedArrayBuffer(8),
    environment: {},
    timeoutSeconds: 3,
    onLine: () => {},
  });
  const deliver = readSubscriptions(stack, new Map([[arn, writer]]), readInvokePermissions(stack));
  return { deliver, events };
};

const unpacked = (event: unknown) =>
  JSON.parse(gunzipSync(Buffer.from(Object(event).awslogs.data, 'base64')).toString());
const gathered = () => setTimeout(60);

describe('a subscription of a log group', () => {
  it('hands over the lines that its pattern takes, together and in their order', async () => {
    const { deliver, events } = subscribed({
      Filter: filter(),
      Permission: permission('logs.amazonaws.com'),
    });
    deliver('lines', '{"trail":"call","n":1}');
    deliver('lines', '{"event":"CodeReplay"}');
    deliver('others', '{"trail":"call","n":2}');
    deliver('lines', '{"trail":"login","n":3}');
    await gathered();
    expect(events).toHaveLength(1);
    expect(unpacked(events[0])).toMatchObject({
      messageType: 'DATA_MESSAGE',
      logGroup: 'lines',
      subscriptionFilters: ['Filter'],
      logEvents: [{ message: '{"trail":"call","n":1}' }, { message: '{"trail":"login","n":3}' }],
    });
    deliver('lines', '{"trail":"call","n":4}');
    await gathered();
    expect(events).toHaveLength(2);
  });

  it('is refused, as AWS refuses it, where CloudWatch Logs may not invoke the function', () => {
    expect(() => subscribed({ Filter: filter() })).toThrow(StartupFailure);
    expect(() =>
      subscribed({ Filter: filter(), Permission: permission('events.amazonaws.com') }),
    ).toThrow(/Filter cannot be made: CloudWatch Logs may not invoke writer for lines/);
  });

  it('to a delivery stream copies nothing here, and to anything else is refused', async () => {
    const { deliver, events } = subscribed({
      Stream: { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: {} },
      Filter: filter({ 'Fn::GetAtt': ['Stream', 'Arn'] }),
    });
    deliver('lines', '{"trail":"call"}');
    await gathered();
    expect(events).toEqual([]);
    expect(() =>
      subscribed({ Filter: filter('arn:aws:kinesis:eu-west-1:123456789012:stream/x') }),
    ).toThrow(/only functions of this stack/);
  });
});
