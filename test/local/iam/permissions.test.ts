import { accessKeyOf, readPermissions } from '../../../local/iam/permissions.ts';
import { deploymentIn } from '../../../local/template/deployment.ts';
import { loadStack } from '../../../local/template/stack.ts';
import { templateSchema } from '../../../local/template/template.ts';

const arn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const read = {
  action: 'dynamodb:GetItem',
  resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
  leadingKeys: ['1'],
};
const grant = {
  Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: read.resource }],
};

/** A function that runs as `worker`, beside the given resources. */
const permitsOf = (resources: Readonly<Record<string, unknown>>) =>
  readPermissions(
    loadStack({
      deployment: deploymentIn(undefined, 'Orders'),
      template: templateSchema.parse({
        Resources: {
          Worker: {
            Type: 'AWS::Lambda::Function',
            Properties: { Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] } },
          },
          WorkerRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker' } },
          ...resources,
        },
      }),
      assetFolder: () => '',
    }),
  );
const aRole = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: properties });
const aPolicy = (role: string, document: object = grant) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: document, Roles: [{ Ref: role }] },
});

describe('the permissions of a stack', () => {
  it('are those of the roles that functions run as', () => {
    const permits = permitsOf({ Grant: aPolicy('WorkerRole') });
    expect(permits(accessKeyOf(arn('worker')), read)).toBe(true);
    expect(permits(accessKeyOf(arn('worker')), { ...read, action: 'dynamodb:PutItem' })).toBe(
      false,
    );
    expect(permitsOf({})(accessKeyOf(arn('worker')), read)).toBe(false);
  });

  it('do not hold for whoever is no role: the owner of the local runtime', () => {
    expect(permitsOf({})('AKIAOWNER', { ...read, action: 'dynamodb:PutItem' })).toBe(true);
  });

  it('are unknown when a function’s role has a policy of AWS’s own, and nobody’s business on any other role', () => {
    const awsPolicy = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    const notEmulated = {
      Statement: [
        { ...grant.Statement[0], Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
      ],
    };
    const others = {
      Logs: aRole({ ManagedPolicyArns: [awsPolicy] }),
      LogsGrant: aPolicy('Logs', notEmulated),
    };
    expect(permitsOf(others)('AKIAOWNER', read)).toBe(true);
    expect(() =>
      permitsOf({ WorkerRole: aRole({ RoleName: 'worker', ManagedPolicyArns: [awsPolicy] }) }),
    ).toThrow(
      `The local runtime does not know what WorkerRole may do by ${awsPolicy}: name the actions in a policy.`,
    );
    expect(() => permitsOf({ Grant: aPolicy('WorkerRole', notEmulated) })).toThrow(
      /can't emulate Grant/,
    );
  });
});
