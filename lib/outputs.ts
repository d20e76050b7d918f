import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnOutput } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { trailSubjects } from '../policy/audit-trail.ts';

interface Parts {
  readonly mcpUrl: string;
  readonly userPool: Pick<IUserPool, 'userPoolId'>;
  readonly table: Pick<ITable, 'tableName'>;
  readonly alarmTopic: ITopic;
  readonly trail: Pick<ILogGroup, 'logGroupName'>;
  readonly subjects: (typeof trailSubjects)[number];
}

/**
 * What `gatehouse user`, `doctor` and the like find a deployment by. CDK puts the construct's path
 * before each name and a hash behind it, so that a stack may hold several.
 */
export const outputs = (
  scope: Construct,
  { mcpUrl, userPool, table, alarmTopic, trail, subjects }: Parts,
): readonly CfnOutput[] => [
  new CfnOutput(scope, 'McpUrl', { value: mcpUrl, description: 'What clients connect to' }),
  new CfnOutput(scope, 'UserPoolId', { value: userPool.userPoolId }),
  new CfnOutput(scope, 'TableName', { value: table.tableName }),
  new CfnOutput(scope, 'AlarmTopicArn', {
    value: alarmTopic.topicArn,
    description: 'Where alarms are published: subscribe here',
  }),
  new CfnOutput(scope, 'AuditTrailLogGroup', {
    value: trail.logGroupName,
    description: 'Who called what, and what operators did',
  }),
  new CfnOutput(scope, 'AuditTrailSubjects', {
    value: subjects,
    description: 'How people stand in it: what commands write follows',
  }),
];
