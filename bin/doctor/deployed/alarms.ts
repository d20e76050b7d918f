import * as z from 'zod';
import { type Aws, listOf, queryCall } from '../../aws/aws.ts';
import type { Check } from '../check.ts';
import type { Deployed } from './stack.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const subscriptions = z.looseObject({
  Subscriptions: listOf(
    z.looseObject({ SubscriptionArn: z.string(), Protocol: z.string(), Endpoint: z.string() }),
  ),
});
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html */
const described = z.looseObject({
  MetricAlarms: z
    .array(
      z.looseObject({
        AlarmName: z.string(),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
        StateReason: z.string().default(''),
        ActionsEnabled: z.boolean().default(true),
      }),
    )
    .default([]),
});

/** DescribeAlarms takes so many names at once. */
const namesAtOnce = 100;

const describeAlarms = async (aws: Aws, names: readonly string[]) => {
  const all: z.infer<typeof described>['MetricAlarms'] = [];
  for (let from = 0; from < names.length; from += namesAtOnce) {
    const page = await aws.send({
      service: 'monitoring',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms',
      },
      body: JSON.stringify({
        AlarmNames: names.slice(from, from + namesAtOnce),
        MaxRecords: namesAtOnce,
      }),
    });
    all.push(...described.parse(page).MetricAlarms);
  }
  return all;
};

export const alarms: readonly Check<Deployed>[] = [
  {
    id: 'alarm-mail',
    title: 'Alarms reach somebody: the topic has a subscription that is confirmed',
    controls: [],
    fix: 'Follow the link of the mail "AWS Notification - Subscription Confirmation", or subscribe: aws sns subscribe --topic-arn <AlarmTopicArn> --protocol email --notification-endpoint <address>.',
    run: async ({ aws, alarmTopic }) => {
      if (alarmTopic === undefined) return ['The stack has no output AlarmTopicArn.'];
      const { Subscriptions } = subscriptions.parse(
        await queryCall(aws, 'sns', '2010-03-31', 'ListSubscriptionsByTopic', {
          TopicArn: alarmTopic,
        }),
      );
      const confirmed = Subscriptions.filter(({ SubscriptionArn }) =>
        SubscriptionArn.startsWith('arn:'),
      );
      const pending = Subscriptions.filter((each) => !confirmed.includes(each));
      const named = ({ Protocol, Endpoint }: (typeof Subscriptions)[number]) =>
        `${Protocol} ${Endpoint}`;
      return {
        faults: [
          ...(Subscriptions.length === 0 ? ['Nobody is subscribed: alarms reach nobody.'] : []),
          ...pending.map((each) => `${named(each)} is not confirmed.`),
        ],
        notes: confirmed.map(named),
      };
    },
  },
  {
    id: 'alarms',
    title: 'No alarm is on, and none is silenced',
    controls: [],
    fix: 'docs/runbook.md has a section for each alarm: detect, analyse, respond, recover, learn.',
    run: async ({ aws, idsOf }) => {
      const all = await describeAlarms(aws, idsOf('AWS::CloudWatch::Alarm'));
      const waiting = all.filter(({ StateValue }) => StateValue === 'INSUFFICIENT_DATA').length;
      return {
        faults: all.flatMap(({ AlarmName, StateValue, StateReason, ActionsEnabled }) => [
          ...(StateValue === 'ALARM' ? [`${AlarmName} is on: ${StateReason}`] : []),
          ...(ActionsEnabled ? [] : [`${AlarmName} is silenced (ActionsEnabled is false).`]),
        ]),
        notes: [`${all.length} alarms; ${waiting} have no data yet.`],
      };
    },
  },
];
