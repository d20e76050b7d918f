import { Template } from 'aws-cdk-lib/assertions';
import {
  CfnUserPool,
  CfnUserPoolClient,
  CfnUserPoolDomain,
  CfnUserPoolResourceServer,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Aspects, type IAspect, Stack } from 'aws-cdk-lib/core';
import { breaches } from '../../../lib/breaking/compare.ts';
import { type Published, publishedIn } from '../../../lib/breaking/published.ts';
import { Gatehouse } from '../../../lib/gatehouse.ts';
import type { GatehouseProps } from '../../../lib/gatehouse-props.ts';
import { breakingChanges, policyMetadata } from '../../../policy/deployment.ts';
import { testApp } from '../test-app.ts';

const publishedBy = (props: GatehouseProps, aspect?: IAspect): Published => {
  const stack = new Stack(testApp(), 'Orders');
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
        .filter((kind) => !['userAttributes', 'loginDomain', 'providers'].includes(kind))
        .sort(),
    );
  });

  test('is another where an aspect takes attributes and providers away, and moves the login pages', () => {
    const taken: IAspect = {
      visit: (node) => {
        if (node instanceof CfnUserPool) node.schema = [];
        if (node instanceof CfnUserPoolClient) node.supportedIdentityProviders = [];
        if (node instanceof CfnUserPoolDomain) node.overrideLogicalId('AnotherDomain');
      },
    };
    const other = publishedBy({ urlMode: 'stage' }, taken);
    const kinds = new Set(breaches(promises, other.promises).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['loginDomain', 'providers', 'userAttributes']);
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

  test('are machines, and providers by name wherever they were registered', () => {
    const stack = new Stack(testApp(), 'Orders');
    const mcp = new Gatehouse(stack, 'Mcp', { urlMode: 'stage', machines: [{ name: 'nightly' }] });
    new UserPoolIdentityProviderSaml(stack, 'Company', {
      userPool: mcp.userPool,
      name: 'Entra',
      metadata: UserPoolIdentityProviderSamlMetadata.url('https://login.example.com/metadata'),
    });
    const template = Template.fromStack(stack).toJSON();
    const [published] = Object.values(publishedIn(template));
    const { promises: made } = published ?? { promises };
    // What `gatehouse compare` reads beside them.
    expect(published?.access).toMatchObject({
      access: { tools: { whoami: 'everybody' } },
      machines: [{ name: 'nightly', groups: [] }],
    });
    expect(made.providers).toEqual(['COGNITO', 'Entra']);
    expect(Object.keys(made.clients)).toContain('machine-nightly');
    // Neither of them is there without its property.
    expect(breaches(made, promises).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^clients: machine-nightly is gone: .*a machine gets no token\.$/),
      expect.stringMatching(/^providers: Entra is gone: /),
    ]);
    expect(breaches(promises, made)).toEqual([]);
  });

  test('of an older template say nothing of providers, and no provider is missed', () => {
    const { providers: _, ...older } = promises;
    const metadata = { [`${policyMetadata}Orders/Mcp`]: { promises: older } };
    const found = publishedIn({ Metadata: metadata })['Orders/Mcp'];
    expect(found?.promises.providers).toEqual([]);
    expect(breaches(found?.promises ?? promises, promises)).toEqual([]);
  });
});
