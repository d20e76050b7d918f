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
 * the topic's policy lets it, and to an encrypted one only if its key's policy does. A topic without a policy has SNS's own, which does; a policy in the
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
  const keyPolicyOf = readKeyPolicies(stack);
  const mayPublish = (alarmArn: string, topic: string): boolean => {
    const { account } = stack.deployment;
    const may = (statements: Statements, action: string, resource: string): boolean =>
      allowsService(
        { Statement: statements },
        {
          service: cloudWatch,
          action,
          resource,
          context: {
            'aws:securetransport': 'true',
            'aws:sourceaccount': account,
            'aws:sourceowner': account,
            'aws:sourcearn': alarmArn,
          },
        },
      );
    const own = policies.filter(({ Topics }) => Topics.includes(topic));
    const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    if (own.length > 0 && !may(statements, 'sns:Publish', topic)) return false;
    const key = keyPolicyOf(topic);
    return (
      key === undefined ||
      ['kms:Decrypt', 'kms:GenerateDataKey'].every((action) => may(key.statements, action, key.arn))
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
      `These alarms would reach nobody, because the policy of the topic, or of the key that encrypts it, does not let CloudWatch publish:\n${undelivered.join('\n')}`,
    );
};

type Statements = z.infer<typeof resourcePolicy>['Statement'];

const cloudWatch = 'cloudwatch.amazonaws.com';

const topicProperties = z.looseObject({ KmsMasterKeyId: z.string().optional() });
const anyStatement = z.looseObject({ Principal: z.unknown() });
const keyProperties = z.looseObject({
  KeyPolicy: z.looseObject({ Statement: z.array(anyStatement) }),
});

/** Statements about others may have any form; those that may mean CloudWatch must be known here. */
const isAboutCloudWatch = ({ Principal }: z.infer<typeof anyStatement>): boolean =>
  Principal === '*' || JSON.stringify(Principal ?? '').includes(cloudWatch);

/** The key of the template that a topic is encrypted with, by the topic; undefined without one. */
const readKeyPolicies = (
  stack: Stack,
): ((topic: string) => { readonly arn: string; readonly statements: Statements } | undefined) => {
  const keys = stack.resources('AWS::KMS::Key').map((resource) => {
    const { KeyPolicy } = propertiesOf(keyProperties, resource);
    return {
      names: [stack.ref(resource.logicalId), stack.attribute(resource.logicalId, 'Arn')],
      arn: stack.attribute(resource.logicalId, 'Arn'),
      statements: resourcePolicy.parse({ Statement: KeyPolicy.Statement.filter(isAboutCloudWatch) })
        .Statement,
    };
  });
  const keyOf = new Map(
    stack
      .resources('AWS::SNS::Topic')
      .map((each) => [
        stack.ref(each.logicalId),
        propertiesOf(topicProperties, each).KmsMasterKeyId,
      ]),
  );
  return (topic) => keys.find(({ names }) => names.includes(keyOf.get(topic) ?? ''));
};

const actionsOf = (resource: ResolvedResource): readonly string[] => {
  const { AlarmActions, OKActions, InsufficientDataActions } = propertiesOf(alarm, resource);
  return [...new Set([...AlarmActions, ...OKActions, ...InsufficientDataActions])];
};
