import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { Gatehouse } from '../../lib/gatehouse.ts';
import { clientProfiles } from '../../policy/clients.ts';
import { brandingStylesPerPool } from '../../policy/identity.ts';
import { usagePlanShares } from '../../policy/limits.ts';
import { deployedCode } from './deployed-code.ts';
import { properties, resources, synthesized, withDomain } from './synthesized.ts';
import { testApp } from './test-app.ts';

const template = synthesized({
  ...withDomain,
  profiles: [{ name: 'julius', quota: { requests: 5000, period: 'DAY' } }],
});
const keys = properties(template, 'AWS::ApiGateway::ApiKey');

describe('the usage plans (RATE-8)', () => {
  test('have one plan a profile on the stage, and a key for each share of its users', () => {
    expect(properties(template, 'AWS::ApiGateway::UsagePlan')).toEqual(
      clientProfiles.map(({ name, throttle }) =>
        expect.objectContaining({
          Description: expect.stringContaining(name),
          Throttle: { RateLimit: throttle.ratePerSecond, BurstLimit: throttle.burst },
          ApiStages: [{ ApiId: expect.anything(), Stage: expect.anything() }],
        }),
      ),
    );
    expect(Object.keys(resources(template, 'AWS::ApiGateway::UsagePlanKey'))).toHaveLength(
      clientProfiles.length * usagePlanShares.perProfile,
    );
  });

  test('have fewer shares where as many profiles as a pool takes would exceed 500 resources', () => {
    const more = Array.from(
      { length: brandingStylesPerPool - clientProfiles.length },
      (_, index) => ({
        name: `team-${index}`,
        redirectUris: [`https://team-${index}.example.com/callback`],
      }),
    );
    const largest = synthesized({ originSecret: { current: 2, previous: 1 }, profiles: more });
    const plans = properties(largest, 'AWS::ApiGateway::UsagePlanKey').map(({ UsagePlanId }) =>
      JSON.stringify(UsagePlanId),
    );
    expect(new Set(plans).size).toBe(brandingStylesPerPool);
    expect(plans.length).toBeLessThanOrEqual(usagePlanShares.inAllProfiles);
    // What an app has beside us needs room too.
    expect(Object.keys(largest.toJSON()['Resources']).length).toBeLessThanOrEqual(450);
  });

  test('leave an app that has two of us in one stack its room: four shares unless it says more', () => {
    // The CDK's own rules are tried where the template is judged; here they take a minute.
    const stack = new Stack(testApp(), 'Reports');
    for (const id of ['First', 'Second']) new Gatehouse(stack, id);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 2 * clientProfiles.length * 4);
    expect(() => new Gatehouse(new Stack(testApp(), 'Few'), 'Mcp', { usagePlanShares: 3 })).toThrow(
      /usagePlanShares: 3/,
    );
  });

  test('have a quota only where one is asked for, divided by the shares', () => {
    expect(properties(template, 'AWS::ApiGateway::UsagePlan').map(({ Quota }) => Quota)).toEqual([
      undefined,
      { Limit: Math.ceil(5000 / usagePlanShares.perProfile), Period: 'DAY' },
      undefined,
    ]);
  });

  test('have keys that API Gateway takes, the same at every synthesis', () => {
    const values = keys.map(({ Value }) => Value);
    for (const value of values) expect(value).toMatch(/^[A-Za-z0-9]{20,128}$/);
    expect(new Set(values).size).toBe(values.length);
    expect(properties(synthesized(), 'AWS::ApiGateway::ApiKey').map(({ Value }) => Value)).toEqual(
      values,
    );
  });

  test('tell the authorizer those keys, and nobody else', () => {
    const pairs = clientProfiles.map(({ name }) => {
      const own = keys.filter(({ Description }) => Description.includes(`profile ${name},`));
      return `${name}=${own.map(({ Value }) => Value).join(':')}`;
    });
    const told = Object.entries(deployedCode(withDomain))
      .filter(([, code]) => code.startsWith(`process.env.USAGE_PLAN_KEYS="${pairs.join(',')}";`))
      .map(([name]) => name);
    expect(told).toEqual(['authorizer']);
  });
});
