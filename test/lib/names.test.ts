import { Template } from 'aws-cdk-lib/assertions';
import { type App, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { deploymentName } from '../../lib/names.ts';
import { deploymentNameCharacters } from '../../policy/deployment.ts';
import { properties, resources, synthesized, withDomain } from './synthesized.ts';
import { testApp } from './test-app.ts';

const two = (): Template => {
  const stack = new Stack(testApp(), 'Two');
  new Gatehouse(stack, 'One', { urlMode: 'stage' });
  new Gatehouse(stack, 'Other', { urlMode: 'stage' });
  return Template.fromStack(stack);
};

describe('two Gatehouses of one stack', () => {
  const template = two();

  test.each([
    ['AWS::Cognito::UserPoolDomain', 'Domain'],
    ['AWS::ApiGateway::RestApi', 'Name'],
    ['AWS::ApiGateway::ApiKey', 'Value'],
    ['AWS::XRay::SamplingRule', 'SamplingRule'],
  ])('share no %s', (type, property) => {
    const names = properties(template, type).map((each) => JSON.stringify(each[property]));
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  });

  test('count in namespaces and log groups of their own', () => {
    const groups = properties(template, 'AWS::Logs::LogGroup').flatMap(({ LogGroupName }) =>
      LogGroupName === undefined ? [] : [JSON.stringify(LogGroupName)],
    );
    expect(groups).toHaveLength(4);
    expect(new Set(groups).size).toBe(4);
  });
});

describe('a domain', () => {
  const validated = (...hosts: readonly string[]) => {
    const app = testApp();
    return hosts.map((name, index) => {
      const stack = new Stack(app, `Stack${index}`);
      const { certificateArn } = withDomain.domain;
      return new Gatehouse(stack, 'Mcp', { domain: { name, certificateArn } });
    });
  };
  const faults = (gatehouses: readonly Construct[]): string[] =>
    gatehouses.flatMap(({ node }) =>
      node.findAll().flatMap((construct) => construct.node.validate()),
    );

  test('of two Gatehouses of an app is refused, with both places', () => {
    expect(faults(validated('mcp.example.com', 'mcp.example.com'))).toContain(
      'The domain mcp.example.com stands in Stack0 and Stack1: give each Gatehouse a host of its own',
    );
  });

  test('of its own has each', () => {
    expect(faults(validated('one.example.com', 'two.example.com'))).toEqual([]);
  });
});

describe('what names of metrics begin with', () => {
  test.each<[string, (root: App) => Construct, string]>([
    ['its stack and path', (root) => new Construct(new Stack(root, 'S'), 'A'), 'S-A'],
    ['no space or bracket', (root) => new Construct(new Stack(root, 'S'), 'My (2)'), 'S-My-2-'],
    ['no letter beyond ASCII', (root) => new Construct(new Stack(root, 'S'), 'Über'), 'S--ber'],
    [
      'its stack and path, in a nested stack too, whose own name only the deployment knows',
      (root) => new Construct(new NestedStack(new Stack(root, 'S'), 'N'), 'A'),
      'S-N-A',
    ],
    [
      'the name of its stack, in a stage too',
      (root) => new Construct(new Stack(new Stage(root, 'Prod'), 'S'), 'A'),
      'Prod-S-A',
    ],
  ])('is %s', (_, construct, name) => {
    expect(deploymentName(construct(testApp()))).toBe(name);
  });

  test('leaves room for what follows, and tells long ones apart', () => {
    const stack = new Stack(testApp(), 'S'.repeat(128));
    const [one = '', other = ''] = ['One', 'Other'].map((id) =>
      deploymentName(new Construct(stack, id)),
    );
    expect(one).toHaveLength(deploymentNameCharacters);
    expect(other).toHaveLength(deploymentNameCharacters);
    expect(one).not.toBe(other);
  });

  test('is text where an explanation is found by it, in a nested stack too', () => {
    const stack = new Stack(testApp(), 'S');
    new Gatehouse(new NestedStack(stack, 'N'), 'Mcp', {
      urlMode: 'stage',
      audit: { bucket: 'arn:aws:s3:::company-audit' },
    });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('what production leaves behind', () => {
  const template = synthesized({});

  test('is kept when a stack goes, and not when its creation fails', () => {
    const kept = Object.values(template.toJSON()['Resources']).map(
      (resource) => Object(resource)['DeletionPolicy'],
    );
    expect(kept).not.toContain('Retain');
    expect(kept.filter((policy) => policy === 'RetainExceptOnCreate').length).toBeGreaterThan(10);
  });

  test('has no name that the next stack of the same name would want', () => {
    for (const { Properties, DeletionPolicy } of Object.values(
      resources(template, 'AWS::Logs::LogGroup'),
    )) {
      if (DeletionPolicy === 'Delete' || Properties['LogGroupName'] === undefined) continue;
      expect(JSON.stringify(Properties['LogGroupName'])).toContain('AWS::StackId');
    }
    for (const { TableName } of properties(template, 'AWS::DynamoDB::Table'))
      expect(TableName).toBeUndefined();
  });
});

test('every log group is kept as long as the policy says, and encrypted', () => {
  for (const configuration of [withDomain, {}])
    for (const group of properties(synthesized(configuration), 'AWS::Logs::LogGroup'))
      expect(group).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
});

test('the key lets in the logs of its own region', () => {
  expect(JSON.stringify(properties(synthesized(), 'AWS::KMS::Key'))).toContain(
    '["",["logs.",{"Ref":"AWS::Region"},".amazonaws.com"]]',
  );
});
