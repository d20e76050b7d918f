import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { ResolvedResource } from '../template/template.ts';
import { allowsService, resourcePolicy } from './resource-policy.ts';

const alarm = z.looseObject({
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
});
const topicPolicy = z.looseObject({
  Topics: z.array(z.string()),
  PolicyDocument: resourcePolicy,
});

/**
 * Refuses a template in which an alarm would reach nobody: CloudWatch publishes to a topic only if
 * the topic's policy lets it. A topic without a policy has SNS's own, which does; a policy in the
 * template replaces that one.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * @throws StartupFailure with each alarm and its topic
 */
export const refuseUndeliveredAlarms = (stack: Stack): void => {
  const topics = new Set(
    stack.resources('AWS::SNS::Topic').map(({ logicalId }) => stack.ref(logicalId)),
  );
  const policies = stack
    .resources('AWS::SNS::TopicPolicy')
    .map((each) => propertiesOf(topicPolicy, each));
  const mayPublish = (alarmArn: string, topic: string): boolean => {
    const own = policies.filter(({ Topics }) => Topics.includes(topic));
    if (own.length === 0) return true;
    const { account } = stack.deployment;
    const call = {
      service: 'cloudwatch.amazonaws.com',
      action: 'sns:Publish',
      resource: topic,
      context: {
        'aws:securetransport': 'true',
        'aws:sourceaccount': account,
        'aws:sourceowner': account,
        'aws:sourcearn': alarmArn,
      },
    };
    return allowsService(
      { Statement: own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) },
      call,
    );
  };
  const undelivered = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
    .flatMap((type) => stack.resources(type))
    .flatMap((resource) => {
      const arn = stack.attribute(resource.logicalId, 'Arn');
      return actionsOf(resource)
        .filter((action) => topics.has(action) && !mayPublish(arn, action))
        .map((topic) => `  ${resource.logicalId} to ${topic}`);
    });
  if (undelivered.length > 0)
    throw new StartupFailure(
      `These alarms would reach nobody, because the topic's policy does not let CloudWatch publish:\n${undelivered.join('\n')}`,
    );
};

const actionsOf = (resource: ResolvedResource): readonly string[] => {
  const { AlarmActions, OKActions, InsufficientDataActions } = propertiesOf(alarm, resource);
  return [...new Set([...AlarmActions, ...OKActions, ...InsufficientDataActions])];
};
