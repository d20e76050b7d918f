import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { ConfigurationError, readConfiguration } from '../../lib/configuration.ts';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { auditTrail } from '../../policy/audit-trail.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import {
  properties,
  resources,
  servingFunctions,
  synthesized,
  text,
  withDomain,
} from './synthesized.ts';
import { testApp } from './test-app.ts';

const withAudit = (audit: object) => synthesized({ ...withDomain, audit });
const template = synthesized();
const bucket = 'arn:aws:s3:::company-audit';

const functionsOf = (of: typeof template) =>
  Object.fromEntries(
    Object.values(servingFunctions(of)).map(({ Properties }) => [
      String(Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME),
      Properties,
    ]),
  );
const logGroupOf = (of: typeof template, name: string): string =>
  functionsOf(of)[name]?.['LoggingConfig'].LogGroup.Ref;
const filters = (of: typeof template) => properties(of, 'AWS::Logs::SubscriptionFilter');
const writerArn = (of: typeof template): string => {
  const [id] =
    Object.entries(servingFunctions(of)).find(
      ([, { Properties }]) =>
        Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME === 'audit-trail',
    ) ?? [];
  return `\${${id}.Arn}`;
};

describe('the audit trail (LOG-6)', () => {
  test('is a log group of its own, with its own retention, encrypted and kept', () => {
    const groups = resources(withAudit({ retentionDays: 3653 }), 'AWS::Logs::LogGroup');
    const own = groups[logGroupOf(withAudit({ retentionDays: 3653 }), 'audit-trail')];
    expect(own?.Properties['RetentionInDays']).toBe(3653);
    expect(own?.Properties['KmsKeyId']).toBeDefined();
    expect(own?.DeletionPolicy).toBe('RetainExceptOnCreate');
    const others = Object.values(groups).filter((group) => group !== own);
    expect(new Set(others.map(({ Properties }) => Properties['RetentionInDays']))).toEqual(
      new Set([lifetimes.logRetentionDays]),
    );
  });

  test('is fed by what every function that knows of people writes, and by nothing else of theirs', () => {
    const fed = filters(template).map(({ LogGroupName }) => LogGroupName.Ref);
    expect(fed).toEqual(
      ['authorizer', 'authorization', 'token', 'mcp'].map((name) => logGroupOf(template, name)),
    );
    for (const { FilterPattern, DestinationArn } of filters(template)) {
      expect(FilterPattern).toBe('{ $.trail = "*" }');
      expect(text(DestinationArn)).toBe(writerArn(template));
    }
  });

  test('takes lines of these log groups and changes of this stack alone', () => {
    const invokers = properties(template, 'AWS::Lambda::Permission')
      .filter(({ FunctionName }) => text(FunctionName) === writerArn(template))
      .map(({ Principal, SourceArn, SourceAccount }) => [
        Principal,
        text(SourceArn),
        SourceAccount?.Ref,
      ]);
    expect(invokers).toEqual([
      ...['authorizer', 'authorization', 'token', 'mcp'].map((name) => [
        'logs.amazonaws.com',
        `\${${logGroupOf(template, name)}.Arn}`,
        'AWS::AccountId',
      ]),
      ['events.amazonaws.com', expect.stringMatching(/^\$\{\w*Deployments\w*\.Arn\}$/), undefined],
    ]);
    const waiting = properties(template, 'AWS::Events::Rule').filter(
      ({ EventPattern }) => EventPattern !== undefined,
    );
    expect(waiting).toMatchObject([
      {
        EventPattern: {
          source: ['aws.cloudformation'],
          detail: { 'stack-id': [{ Ref: 'AWS::StackId' }] },
        },
      },
    ]);
  });

  test('names no person unless the configuration says so', () => {
    const subjects = (of: typeof template) =>
      new Set(
        Object.values(functionsOf(of)).flatMap(
          ({ Environment: { Variables } }) => Variables.AUDIT_SUBJECT ?? [],
        ),
      );
    expect(subjects(template)).toEqual(new Set(['hashed']));
    expect(subjects(withAudit({}))).toEqual(new Set(['hashed']));
    expect(subjects(withAudit({ subject: 'plain' }))).toEqual(new Set(['plain']));
  });

  test('hashes arguments by a key that stands in no log, and is no secret either', () => {
    const { AUDIT_HASH_KEY } = functionsOf(template)['mcp']?.['Environment'].Variables ?? {};
    expect(text(AUDIT_HASH_KEY)).toMatch(/^(\$\{\w+\}){4}$/);
  });

  test('goes to no bucket unless one is named', () => {
    template.resourceCountIs('AWS::KinesisFirehose::DeliveryStream', 0);
  });

  test('goes on to a bucket that is named, and its writer may add there and do nothing else', () => {
    const copied = withAudit({ bucket });
    const [stream] = properties(copied, 'AWS::KinesisFirehose::DeliveryStream');
    expect(stream).toMatchObject({
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: bucket,
        Prefix: `${auditTrail.bucketPrefix}/Gatehouse-test-Gatehouse/!{timestamp:yyyy/MM/dd}/`,
      },
    });
    expect(filters(copied).at(-1)).toMatchObject({
      LogGroupName: { Ref: logGroupOf(copied, 'audit-trail') },
      FilterPattern: '{ $.trail = "*" }',
    });
    const statements = properties(copied, 'AWS::IAM::Policy')
      .filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes(bucket))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
        Resource: `${bucket}/${auditTrail.bucketPrefix}/Gatehouse-test-Gatehouse/*`,
      },
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        Resource: bucket,
      },
    ]);
  });

  test('goes on to a bucket of the same app, and may use its key', () => {
    const stack = new Stack(testApp(), 'Reports');
    const locked = new Bucket(stack, 'Trail', {
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(365)),
      encryptionKey: new Key(stack, 'Key'),
    });
    new Gatehouse(stack, 'Arn', { urlMode: 'stage', audit: { bucket: locked.bucketArn } });
    new Gatehouse(stack, 'Bucket', { urlMode: 'stage', audit: { bucket: locked } });
    const copied = Template.fromStack(stack);
    const streams = properties(copied, 'AWS::KinesisFirehose::DeliveryStream');
    const arns = streams.map((each) => text(each['ExtendedS3DestinationConfiguration'].BucketARN));
    expect(arns).toHaveLength(2);
    for (const arn of arns) expect(arn).toMatch(/^\$\{Trail\w+\.Arn\}$/);
    const usesKey = properties(copied, 'AWS::IAM::Policy').filter(({ PolicyDocument }) =>
      JSON.stringify(PolicyDocument).includes('kms:GenerateDataKey'),
    );
    expect(usesKey.map(({ Roles }) => text(Roles[0]))).toEqual([
      expect.stringMatching(/^\$\{BucketAuditBucketWriter\w+\}$/),
    ]);
    // As cdk-nag names it, or the explanation would be of nothing.
    const explained = stack.node.findAll().flatMap(({ node }) => node.metadata);
    expect(JSON.stringify(explained.map(({ data }) => data))).toMatch(
      /AwsSolutions-IAM5\[Resource::<Trail\w+\.Arn>\/gatehouse-audit\//,
    );
  });

  test('has metrics by tool only where they are wanted: each is paid for', () => {
    const board = (of: typeof template) =>
      JSON.stringify(properties(of, 'AWS::CloudWatch::Dashboard'));
    expect(board(template)).not.toContain('ToolCalls');
    const measured = withAudit({ toolMetrics: 5 });
    expect(board(measured)).toContain('ToolCalls');
    expect(functionsOf(measured)['mcp']?.['Environment'].Variables.AUDIT_TOOL_METRICS).toBe('5');
  });

  test.each([
    [{ subject: 'both' }, /audit\.subject: is neither hashed nor plain/],
    [{ bucket: 'company-audit' }, /audit\.bucket: is not the ARN of a bucket/],
    [{ retentionDays: 100 }, /audit\.retentionDays: is none of the days/],
    [{ toolMetrics: 51 }, /audit\.toolMetrics: is over 50/],
    [{ retention: 30 }, /audit: has no key retention/],
  ])('refuses %j with the key and the fix', (audit, message) => {
    expect(() => readConfiguration({ audit })).toThrow(ConfigurationError);
    expect(() => readConfiguration({ audit })).toThrow(message);
  });
});
