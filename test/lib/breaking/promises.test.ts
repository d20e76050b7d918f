import { Template } from 'aws-cdk-lib/assertions';
import { CfnUserPool, CfnUserPoolClient, CfnUserPoolResourceServer } from 'aws-cdk-lib/aws-cognito';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { App, Aspects, type IAspect, Stack } from 'aws-cdk-lib/core';
import { breaches } from '../../../lib/breaking/compare.ts';
import { type Published, publishedIn } from '../../../lib/breaking/published.ts';
import { Gatehouse } from '../../../lib/gatehouse.ts';
import type { GatehouseProps } from '../../../lib/gatehouse-props.ts';
import { breakingChanges } from '../../../policy/deployment.ts';

const publishedBy = (props: GatehouseProps, aspect?: IAspect): Published => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Orders');
  const mcp = new Gatehouse(stack, 'Mcp', props);
  if (aspect) Aspects.of(mcp).add(aspect);
  const found = publishedIn(Template.fromStack(stack).toJSON())['Orders/Mcp'];
  if (found === undefined) throw new Error('The template says nothing of its promises.');
  return found;
};

const domain = {
  name: 'mcp.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0f0f0f',
};

describe('what a Gatehouse promises', () => {
  const { promises } = publishedBy({ urlMode: 'stage' });

  test('is the same whatever figures, logs and alarms are chosen', () => {
    const other = publishedBy({
      urlMode: 'stage',
      logRetentionDays: 30,
      alarmEmail: 'ops@example.com',
      deployment: { canary: '10% for 5 minutes' },
      profiles: [{ name: 'chatgpt' }],
      allowBreaking: ['table'],
    });
    expect(breaches(promises, other.promises)).toEqual([]);
    expect(other.allowed).toEqual(['table']);
  });

  test('is another where a property or an aspect changes what stands', () => {
    const replaced: IAspect = {
      visit: (node) => {
        if (node instanceof CfnUserPool) {
          node.usernameAttributes = ['phone_number'];
          node.overrideLogicalId('AnotherPool');
        }
        if (node instanceof CfnUserPoolClient) node.generateSecret = false;
        if (node instanceof CfnUserPoolResourceServer) {
          node.identifier = 'orders';
          node.scopes = [];
        }
        if (node instanceof CfnTable) node.tableName = 'orders';
      },
    };
    const other = publishedBy({ domain }, replaced);
    const kinds = new Set(breaches(promises, other.promises).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      Object.keys(breakingChanges)
        .filter((kind) => kind !== 'userAttributes' && kind !== 'loginDomain')
        .sort(),
    );
  });

  test('names what would be replaced', () => {
    // As cfn-lint takes it for a forgotten Fn::Sub.
    expect(JSON.stringify(promises)).not.toContain('$');
    expect(promises).toMatchObject({
      url: expect.stringMatching(/^https:\/\/<McpApi\w+>\.execute-api\..*\/prod\/mcp$/),
      userPool: expect.stringMatching(/^<McpIdentityUserPool\w+> \[\["email"\]\]$/),
      scopes: ['tools.call', 'tools.read'],
      clients: { claude: expect.stringMatching(/^McpIdentityClientclaude\w+ true$/) },
    });
  });
});
