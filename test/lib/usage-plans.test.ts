import { clientProfiles } from '../../policy/clients.ts';
import { deployedCode } from './deployed-code.ts';
import { properties, resources, synthesized, withDomain } from './synthesized.ts';

const template = synthesized({
  ...withDomain,
  profiles: [{ name: 'julius', quota: { requests: 5000, period: 'DAY' } }],
});
const keys = properties(template, 'AWS::ApiGateway::ApiKey');

describe('the usage plans (RATE-8)', () => {
  test('have one plan and one key a profile, on the stage', () => {
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
      clientProfiles.length,
    );
  });

  test('have a quota only where one is asked for: it locks out every user of the profile at once', () => {
    expect(properties(template, 'AWS::ApiGateway::UsagePlan').map(({ Quota }) => Quota)).toEqual([
      undefined,
      { Limit: 5000, Period: 'DAY' },
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
    const pairs = clientProfiles.map(({ name }, index) => `${name}=${keys[index]?.['Value']}`);
    const told = Object.entries(deployedCode(withDomain))
      .filter(([, code]) => code.startsWith(`process.env.USAGE_PLAN_KEYS="${pairs.join(',')}";`))
      .map(([name]) => name);
    expect(told).toEqual(['authorizer']);
  });
});
