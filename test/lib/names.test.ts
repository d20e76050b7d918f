import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { properties, resources, synthesized, withDomain } from './synthesized.ts';

const two = (): Template => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Two');
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
