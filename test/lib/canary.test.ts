import type { Template } from 'aws-cdk-lib/assertions';
import { readCanary } from '../../lib/canary-text.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { canaryAlarms } from '../../policy/monitoring.ts';
import { properties, synthesized, text } from './synthesized.ts';

const canary = { urlMode: 'stage', deployment: { canary: '10% for 5 minutes' } } as const;

const idsOf = (template: Template, type: string) => Object.keys(template.findResources(type));

/** Names of the functions that calls reach by an alias. */
const aliased = (template: Template) =>
  properties(template, 'AWS::Lambda::Alias')
    .map(
      ({ FunctionName }) =>
        /^\$\{GatehouseFunctions(\w+?)Function/.exec(text(FunctionName))?.[1] ?? 'the trigger',
    )
    .sort();

describe('a canary', () => {
  test('is off unless it is asked for: no alias, no CodeDeploy', () => {
    const template = synthesized({ urlMode: 'stage' });
    for (const type of ['AWS::Lambda::Alias', 'AWS::Lambda::Version'])
      template.resourceCountIs(type, 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('CodeDeploy');
  });

  test('has every method and the authorizer invoke an alias, which has its own permission', () => {
    const template = synthesized(canary);
    const aliases = idsOf(template, 'AWS::Lambda::Alias');
    expect(aliased(template)).toEqual([
      'authorization',
      'authorizer',
      'health',
      'mcp',
      'metadata',
      'registration',
      'token',
    ]);
    const uris = [
      ...properties(template, 'AWS::ApiGateway::Method').map((each) => each['Integration'].Uri),
      ...properties(template, 'AWS::ApiGateway::Authorizer').map((each) => each['AuthorizerUri']),
    ].map(text);
    expect(uris.length).toBeGreaterThan(10);
    for (const uri of uris) expect(aliases.some((id) => uri.includes(`\${${id}}`))).toBe(true);
    const allowed = properties(template, 'AWS::Lambda::Permission')
      .filter((each) => each['Principal'] === 'apigateway.amazonaws.com')
      .map((each) => text(each['FunctionName']));
    expect(new Set(allowed)).toEqual(new Set(aliases.map((id) => `\${${id}}`)));
  });

  test('shifts the calls of each function by a group of its own, as it was asked to', () => {
    const template = synthesized(canary);
    expect(properties(template, 'AWS::CodeDeploy::DeploymentConfig')).toMatchObject([
      {
        ComputePlatform: 'Lambda',
        TrafficRoutingConfig: {
          Type: 'TimeBasedCanary',
          TimeBasedCanary: { CanaryInterval: 5, CanaryPercentage: 10 },
        },
      },
    ]);
    const groups = idsOf(template, 'AWS::CodeDeploy::DeploymentGroup');
    const updates = Object.values(template.findResources('AWS::Lambda::Alias')).map((alias) =>
      text(alias['UpdatePolicy'].CodeDeployLambdaAliasUpdate.DeploymentGroupName),
    );
    expect(updates.sort()).toEqual(groups.map((id) => `\${${id}}`).sort());
  });

  test('ends with the alarms that a bad version sets off, and with none that a stranger can', () => {
    for (const group of properties(synthesized(canary), 'AWS::CodeDeploy::DeploymentGroup')) {
      const alarms: readonly { Name: unknown }[] = group['AlarmConfiguration'].Alarms;
      expect(alarms).toHaveLength(canaryAlarms.length);
      for (const name of canaryAlarms)
        expect(alarms.map((alarm) => text(alarm.Name)).join()).toContain(`Alarms${name}`);
      expect(group['AutoRollbackConfiguration'].Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
    }
  });

  test('goes on in spite of an alarm for the version that mends what set it off', () => {
    const deployment = { canary: '10% for 5 minutes', ignoreAlarms: true };
    const groups = properties(
      synthesized({ urlMode: 'stage', deployment }),
      'AWS::CodeDeploy::DeploymentGroup',
    );
    expect(groups).toHaveLength(7);
    for (const group of groups) {
      expect(group['AlarmConfiguration']).toEqual({ Enabled: false, Alarms: [] });
      expect(group['AutoRollbackConfiguration'].Events).not.toContain('DEPLOYMENT_STOP_ON_ALARM');
    }
  });

  test("lets CodeDeploy move the aliases of these functions, and nobody else's", () => {
    const policies = properties(synthesized(canary), 'AWS::IAM::Policy').filter((policy) =>
      JSON.stringify(policy).includes('lambda:UpdateAlias'),
    );
    expect(policies).toHaveLength(1);
    const [moves] = policies[0]?.['PolicyDocument'].Statement ?? [];
    expect(moves.Resource).toHaveLength(14);
    for (const resource of moves.Resource)
      expect(text(resource)).toMatch(/^\$\{GatehouseFunctions\w+\.Arn\}(:live)?$/);
  });

  test.each([
    ['10% for 5 minutes', { percent: 10, minutes: 5 }],
    ['50% for 120 minutes', { percent: 50, minutes: 120 }],
    ['4% for 5 minutes', undefined],
    ['51% for 5 minutes', undefined],
    ['10% for 4 minutes', undefined],
    ['10% for 121 minutes', undefined],
    ['10% for 5 min', undefined],
    ['10 % for 5 minutes', undefined],
    ['10% for 5 minutes, then all', undefined],
    ['', undefined],
  ])('is read: "%s"', (given, read) => {
    expect(readCanary(given)).toEqual(read);
  });
});

describe('instances', () => {
  test('are kept warm on the version of a function, and not on its alias', () => {
    const template = synthesized({
      urlMode: 'stage',
      concurrency: {
        mcp: { provisioned: 3 },
        token: { reserved: 20 },
        'pre-token-generation': { provisioned: 1 },
      },
    });
    expect(aliased(template)).toEqual(['mcp', 'the trigger']);
    const kept = properties(template, 'AWS::Lambda::Version').map(
      (each) => each['ProvisionedConcurrencyConfig'].ProvisionedConcurrentExecutions,
    );
    expect(kept.sort()).toEqual([1, 3]);
    for (const alias of properties(template, 'AWS::Lambda::Alias'))
      expect(alias).not.toHaveProperty('ProvisionedConcurrencyConfig');
    const reserved = properties(template, 'AWS::Lambda::Function').filter(
      (each) => each['ReservedConcurrentExecutions'] === 20,
    );
    expect(reserved).toMatchObject([{ Description: 'Gatehouse token' }]);
    const [pool] = properties(template, 'AWS::Cognito::UserPool');
    expect(text(pool?.['LambdaConfig'].PreTokenGenerationConfig.LambdaArn)).toMatch(
      /^\$\{GatehousePreTokenGeneration\w*Alias\w+\}$/,
    );
  });

  test.each([
    [
      { concurrency: { mpc: { reserved: 5 } } },
      'concurrency: has no key mpc (is it "mcp"?); its keys are authorizer, metadata',
    ],
    [{ concurrency: { mcp: { reserved: 0 } } }, 'concurrency.mcp.reserved: is below 1'],
    [
      { concurrency: { mcp: { reserved: 2, provisioned: 3 } } },
      'concurrency: mcp keeps 3 instances warm, and may have 2',
    ],
    [
      {
        concurrency: { mcp: { reserved: 5, provisioned: 3 } },
        deployment: { canary: '10% for 5 minutes' },
      },
      'concurrency: mcp keeps 6 instances warm, and may have 5',
    ],
    [
      { deployment: { canary: 'slowly' } },
      'deployment.canary: is not like "10% for 5 minutes", with 5 to 50 percent and 5 to 120 minutes',
    ],
  ])('that cannot be: %j', (configuration, message) => {
    expect(() => readConfiguration(configuration)).toThrow(message);
  });
});
