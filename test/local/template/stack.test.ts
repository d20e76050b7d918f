import { refuseUnknown } from '../../../local/template/check.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { withPort } from '../../../local/template/port.ts';
import { loadStack } from '../../../local/template/stack.ts';
import { templateSchema } from '../../../local/template/template.ts';

const load = (Resources: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  loadStack({
    deployment: deploymentIn(undefined, 'Gatehouse-local'),
    template: templateSchema.parse({ Resources, ...more }),
    assetFolder: () => '',
  });

describe('a template', () => {
  it('with an unknown resource type is refused, naming it', () => {
    expect(() => load({ Bucket: { Type: 'AWS::S3::Bucket' } })).toThrow(
      'Resource Bucket has the type AWS::S3::Bucket, which the local runtime does not know.',
    );
  });

  it('with unknown properties is refused, naming each of them and its resource', () => {
    const template = templateSchema.parse({
      Resources: {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: { Handler: 'index.handler', SnapStart: {} },
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { CanarySetting: {}, ClientCertificateId: 'x' },
        },
      },
    });
    expect(() => refuseUnknown(template)).toThrow(
      [
        'Resource Fn (AWS::Lambda::Function) has the property SnapStart, which the local runtime does not know.',
        'Resource Stage (AWS::ApiGateway::Stage) has the property CanarySetting, which the local runtime does not know.',
        'Resource Stage (AWS::ApiGateway::Stage) has the property ClientCertificateId, which the local runtime does not know.',
      ].join('\n'),
    );
  });

  it('with an unknown section is refused', () => {
    expect(() => load({}, { Transform: 'AWS::Serverless-2016-10-31' })).toThrow('Transform');
  });

  it('gets ids of the shapes of AWS, the same at every start', () => {
    const resources = {
      Pool: { Type: 'AWS::Cognito::UserPool' },
      Api: { Type: 'AWS::ApiGateway::RestApi' },
      Client: { Type: 'AWS::Cognito::UserPoolClient' },
    };
    const [first, second] = [load(resources), load(resources)];
    expect(first.ref('Pool')).toMatch(/^eu-west-1_[a-z0-9]{9}$/);
    expect(first.ref('Api')).toMatch(/^[a-z0-9]{10}$/);
    expect(first.ref('Client')).toMatch(/^[a-z0-9]{26}$/);
    expect(['Pool', 'Api', 'Client'].map(first.ref)).toEqual(
      ['Pool', 'Api', 'Client'].map(second.ref),
    );
  });

  it('leaves out resources whose condition does not hold', () => {
    const stack = load(
      { A: { Type: 'AWS::SNS::Topic', Condition: 'Never' }, B: { Type: 'AWS::SNS::Topic' } },
      { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } },
    );
    expect(stack.resources('AWS::SNS::Topic').map(({ logicalId }) => logicalId)).toEqual(['B']);
  });

  it('whose names refer to each other in a circle is refused', () => {
    const resources = {
      A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'B' } } },
      B: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'A' } } },
    };
    expect(() => load(resources).ref('A')).toThrow('refers to itself');
  });

  it('gets its port in every place of the placeholder and in no other', () => {
    expect(
      withPort(3000)(
        'http://localhost:65535/mcp http://localhost:6274 http://localhost:65535 http://localhost:655350',
      ),
    ).toBe(
      'http://localhost:3000/mcp http://localhost:6274 http://localhost:3000 http://localhost:655350',
    );
  });
});
