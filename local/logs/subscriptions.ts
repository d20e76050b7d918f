import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { InvokePermissions } from '../iam/invoke-permissions.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import { type LineFilter, lineFilter } from './filter-pattern.ts';

const properties = z.looseObject({
  DestinationArn: z.string(),
  FilterPattern: z.string(),
  LogGroupName: z.string(),
});

/** How long lines are gathered before they are handed over together. */
const gatherMilliseconds = 20;

interface Subscription {
  readonly logGroup: string;
  readonly filterName: string;
  readonly takes: LineFilter;
  readonly destination: LambdaFunction;
  readonly waiting: { readonly id: string; readonly timestamp: number; readonly message: string }[];
}

/** What becomes of a line once it stands in its log group. */
export type Deliver = (logGroup: string, line: string) => void;

/**
 * `AWS::Logs::SubscriptionFilter`: hands the lines of a log group that its pattern takes to a
 * function, packed as CloudWatch Logs packs them. Copies to a delivery stream end nowhere here.
 * @throws StartupFailure where AWS would refuse to make the subscription
 */
export const readSubscriptions = (
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
  mayInvoke: InvokePermissions,
): Deliver => {
  const arnOfGroup = new Map(
    stack
      .resources('AWS::Logs::LogGroup')
      .map(({ logicalId }) => [stack.ref(logicalId), stack.attribute(logicalId, 'Arn')]),
  );
  const streams = new Set(
    stack
      .resources('AWS::KinesisFirehose::DeliveryStream')
      .map(({ logicalId }) => stack.attribute(logicalId, 'Arn')),
  );
  const subscriptions = stack
    .resources('AWS::Logs::SubscriptionFilter')
    .flatMap((resource): readonly Subscription[] => {
      const { logicalId } = resource;
      const { DestinationArn, FilterPattern, LogGroupName } = propertiesOf(properties, resource);
      const takes = lineFilter(FilterPattern, `${logicalId}.FilterPattern`);
      if (streams.has(DestinationArn)) return [];
      const destination = functions.get(DestinationArn);
      if (destination === undefined)
        throw new StartupFailure(
          `${logicalId}.DestinationArn is ${DestinationArn}: only functions of this stack are handed lines here.`,
        );
      const sourceArn = arnOfGroup.get(LogGroupName) ?? '';
      if (!mayInvoke({ functionArn: DestinationArn, service: 'logs.amazonaws.com', sourceArn }))
        throw new StartupFailure(
          `${logicalId} cannot be made: CloudWatch Logs may not invoke ${destination.name} for ${LogGroupName}.`,
        );
      return [{ logGroup: LogGroupName, filterName: logicalId, takes, destination, waiting: [] }];
    });
  const handOver = (subscription: Subscription): void => {
    const logEvents = subscription.waiting.splice(0);
    // What becomes of it is the function's to log.
    void subscription.destination.invoke({
      awslogs: { data: packed(stack, subscription, logEvents) },
    });
  };
  return (logGroup, line) => {
    for (const subscription of subscriptions) {
      if (subscription.logGroup !== logGroup || !subscription.takes(line)) continue;
      const { waiting } = subscription;
      waiting.push({ id: randomUUID(), timestamp: Date.now(), message: line });
      if (waiting.length === 1)
        setTimeout(() => handOver(subscription), gatherMilliseconds).unref();
    }
  };
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const packed = (
  { deployment }: Stack,
  { logGroup, filterName }: Subscription,
  logEvents: Subscription['waiting'],
): string =>
  gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: deployment.account,
      logGroup,
      logStream: 'local',
      subscriptionFilters: [filterName],
      logEvents,
    }),
  ).toString('base64');
