import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack } from 'aws-cdk-lib/core';
import { Gatehouse } from '../../lib/gatehouse.ts';
import type { DomainProps, GatehouseProps } from '../../lib/gatehouse-props.ts';
import { properties, text, withDomain } from './synthesized.ts';
import { testApp } from './test-app.ts';

const platform = (region = 'eu-west-1') =>
  new Stack(testApp(), 'Platform', {
    env: { account: '123456789012', region },
  });

describe('what CDK people expect of the construct', () => {
  test('a certificate and a zone of the same stack, whose values are tokens', () => {
    const stack = platform();
    const zone = new HostedZone(stack, 'Zone', { zoneName: 'example.com' });
    const { certificateArn } = new Certificate(stack, 'Certificate', {
      domainName: 'mcp.example.com',
    });
    new Gatehouse(stack, 'Mcp', {
      domain: {
        name: 'mcp.example.com',
        certificateArn,
        hostedZone: zone,
      },
    });
    const [domain] = properties(Template.fromStack(stack), 'AWS::ApiGateway::DomainName');
    expect(text(domain?.['RegionalCertificateArn'])).toMatch(/^\$\{Certificate\w+\}$/);
  });

  test.each<[string, (stack: Stack) => NonNullable<DomainProps['hostedZone']>]>([
    [
      // CDK asks for it once the synthesis has come to its end.
      'that is looked up',
      (stack) => HostedZone.fromLookup(stack, 'Zone', { domainName: 'example.com' }),
    ],
    [
      'whose name is known at the deployment alone',
      (stack) =>
        HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
          hostedZoneId: StringParameter.valueForStringParameter(stack, '/zone/id'),
          zoneName: StringParameter.valueForStringParameter(stack, '/zone/name'),
        }),
    ],
    ['by its attributes', () => ({ id: 'Z0123456789ABC', name: 'example.com' })],
  ])('a hosted zone %s gets the records of the whole name', (_, zone) => {
    const stack = platform();
    const domain = { ...withDomain.domain, hostedZone: zone(stack) };
    new Gatehouse(stack, 'Mcp', { domain });
    const records = properties(Template.fromStack(stack), 'AWS::Route53::RecordSet');
    expect(records.map(({ Name }) => Name)).toEqual(['mcp.example.com.', 'mcp.example.com.']);
  });

  test.each<[string, (stack: Stack) => GatehouseProps, string]>([
    [
      'a certificate of a stack elsewhere',
      ({ node }) => {
        const elsewhere = new Stack(node.root, 'Elsewhere', {
          env: { account: '123456789012', region: 'us-east-1' },
        });
        const { certificateArn } = new Certificate(elsewhere, 'Certificate', {
          domainName: 'mcp.example.com',
        });
        return { domain: { name: 'mcp.example.com', certificateArn } };
      },
      'domain.certificateArn: the certificate is in us-east-1, and the stack in eu-west-1',
    ],
    [
      'a certificate of another account',
      () => ({
        domain: {
          name: 'mcp.example.com',
          certificateArn: 'arn:aws:acm:eu-west-1:999999999999:certificate/0f0f0f0f',
        },
      }),
      'the certificate is in 999999999999',
    ],
    [
      'a key of another region',
      (stack) => ({
        encryptionKey: Key.fromKeyArn(
          stack,
          'Key',
          'arn:aws:kms:us-east-1:123456789012:key/0f0f0f0f-1e1e-4d4d-8c8c-0b0b0b0b0b0b',
        ),
      }),
      'encryptionKey: the key is in us-east-1, and the stack in eu-west-1',
    ],
    [
      'security groups without a network',
      () => ({ tools: { securityGroups: [] } }),
      'tools.securityGroups: is nothing without tools.vpc',
    ],
    ['a tag in the name of AWS', () => ({ tags: { 'AWS:team': 'x' } }), 'is no key of a tag'],
    [
      'more tags than a resource takes',
      () => ({
        tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`team-${index}`, 'x'])),
      }),
      'tags: are more than 50',
    ],
  ])('%s fails the synthesis', (_, props, message) => {
    const stack = platform();
    expect(() => new Gatehouse(stack, 'Mcp', props(stack))).toThrow(message);
  });

  test.each([
    [
      { name: 'mcp.example.com', certificateArn: withDomain.domain.certificateArn },
      'us-east-1',
      'the certificate is in eu-west-1, and the stack in us-east-1',
    ],
    [
      { ...withDomain.domain, hostedZone: { id: 'Z0123456789ABC', name: 'example.org' } },
      'eu-west-1',
      'domain: the hosted zone example.org does not hold mcp.example.com',
    ],
    [
      { ...withDomain.domain, hostedZone: { id: 'Z0123456789ABC', name: 'ample.com' } },
      'eu-west-1',
      'does not hold mcp.example.com',
    ],
  ])('a domain that cannot work fails the synthesis: %j in %s', (domain, region, message) => {
    expect(() => new Gatehouse(platform(region), 'Mcp', { domain })).toThrow(message);
  });

  test('handles on its parts', () => {
    const stack = platform();
    const mcp = new Gatehouse(stack, 'Mcp', { urlMode: 'stage' });
    const id = (value: string) => text(stack.resolve(value));
    expect(id(mcp.alarmTopic.topicArn)).toMatch(/Topic/);
    expect(id(mcp.userPool.userPoolId)).toMatch(/UserPool/);
    expect(id(mcp.function.functionArn)).toMatch(/FunctionsmcpFunction/);
  });
});

describe('what an account asks of everything', () => {
  const stack = platform();
  const boundary = 'arn:aws:iam::123456789012:policy/platform/boundary';
  new Gatehouse(stack, 'Mcp', {
    cloudWatchRole: false,
    permissionsBoundary: boundary,
    tags: { 'cost-center': '4711', team: 'platform' },
  });
  const template = Template.fromStack(stack);

  test('every role has the boundary', () => {
    const roles = properties(template, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(7);
    for (const role of roles) expect(role['PermissionsBoundary']).toBe(boundary);
  });

  test.each(['AWS::Lambda::Function', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup'])(
    'a %s has the tags',
    (type) => {
      for (const { Tags } of properties(template, type))
        expect(Tags).toEqual([
          { Key: 'cost-center', Value: '4711' },
          { Key: 'team', Value: 'platform' },
        ]);
    },
  );

  test('nothing is warned of outside us-east-1, so cdk synth --strict passes', () => {
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(stack).findError('*', Match.anyValue())).toEqual([]);
  });

  test.each([
    [{ tags: { 'aws:team': 'a' } }, 'is no key of a tag'],
    [{ tags: { team: 'a\nb' } }, 'tags.team: is no value of a tag'],
    [{ permissionsBoundary: 'boundary' }, 'permissionsBoundary: is not the ARN of a policy'],
  ])('%j is refused', (props, message) => {
    expect(() => new Gatehouse(platform(), 'Mcp', props)).toThrow(message);
  });
});

describe('an encryption key of the team', () => {
  test('of the same app encrypts every log group, and lets the services in', () => {
    const stack = platform();
    new Gatehouse(stack, 'Mcp', { urlMode: 'stage', encryptionKey: new Key(stack, 'Own') });
    const template = Template.fromStack(stack);
    const keys = properties(template, 'AWS::KMS::Key');
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(keys)).toMatch(/logs\.eu-west-1\.amazonaws\.com.*cloudwatch\.amazonaws/);
    for (const { KmsKeyId } of properties(template, 'AWS::Logs::LogGroup'))
      expect(text(KmsKeyId)).toMatch(/^\$\{Own\w+\.Arn\}$/);
  });

  test('that is imported is warned of: its policy stands elsewhere', () => {
    const stack = platform();
    const encryptionKey = Key.fromKeyArn(
      stack,
      'Imported',
      'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000',
    );
    new Gatehouse(stack, 'Mcp', { urlMode: 'stage', encryptionKey });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('imported encryptionKey'));
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe("the distribution's log", () => {
  const deliveries = (region: string) => {
    const stack = platform(region);
    new Gatehouse(stack, 'Mcp');
    const { Conditions = {} } = Template.fromStack(stack).toJSON();
    return {
      deliveries: properties(Template.fromStack(stack), 'AWS::Logs::Delivery').length,
      conditions: Object.keys(Conditions).length,
    };
  };

  test('stands where it can be delivered from, without a condition that is always true or false', () => {
    expect(deliveries('us-east-1')).toEqual({ deliveries: 1, conditions: 0 });
    expect(deliveries('eu-west-1')).toEqual({ deliveries: 0, conditions: 0 });
  });
});

describe('the retention of logs', () => {
  const days = (props: GatehouseProps) => {
    const stack = platform('us-east-1');
    new Gatehouse(stack, 'Mcp', props);
    return new Set(
      properties(Template.fromStack(stack), 'AWS::Logs::LogGroup').map(
        ({ RetentionInDays }) => RetentionInDays,
      ),
    );
  };

  test('is one figure for all log groups, and another for the audit trail', () => {
    expect(days({ logRetentionDays: 30, audit: { retentionDays: 731 } })).toEqual(
      new Set([30, 731]),
    );
    expect(days({})).toEqual(new Set([365]));
  });

  test('is one that CloudWatch Logs takes', () => {
    expect(() => days({ logRetentionDays: 100 })).toThrow(
      /logRetentionDays: is none of the days that CloudWatch Logs takes: 1, 3, 5/,
    );
  });
});
