import { readConfiguration } from '../../lib/configuration.ts';
import { methodThrottles } from '../../policy/limits.ts';

const domain = {
  name: 'mcp.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f0f',
};

import { userLimits } from '../../policy/limits.ts';

describe('the configuration', () => {
  test('deploys the strict posture when it is empty', () => {
    expect(readConfiguration(undefined)).toEqual({
      stage: 'prod',
      environment: 'production',
      access: {},
      scopes: {},
      userLimits: { ...userLimits, groups: {}, tools: {} },
      urlMode: 'cloudfront',
      originSecret: { current: 1 },
      profiles: [],
      machines: [],
      allowedOrigins: [],
      trustedNetworks: [],
      blockedAddresses: [],
      identity: {
        threatProtection: false,
        passwords: true,
        providers: [],
        signUp: [],
      },
      allowedAddresses: [],
      audit: { subject: 'hashed', retentionDays: 365, toolMetrics: 0 },
      cloudWatchRole: true,
      keepWarm: true,
      logRetentionDays: 365,
      deployment: { ignoreAlarms: false },
      allowBreaking: [],
      tags: {},
      concurrency: {},
      methodThrottles,
    });
  });

  test('is read from JSON text as from an object', () => {
    expect(readConfiguration('{"stage":"dev"}')).toEqual(readConfiguration({ stage: 'dev' }));
  });

  test('takes the URL mode from what is given', () => {
    expect(readConfiguration({ domain }).urlMode).toBe('domain');
    expect(readConfiguration({ urlMode: 'stage' }).urlMode).toBe('stage');
  });

  test.each([
    ['JSON that is none', '{stage:', /not JSON.*-c gatehouse='\{"stage":"prod"\}'/],
    [
      'an unknown key',
      { stages: 'x' },
      /gatehouse: has no key stages \(is it "stage"\?\); its keys are stage, environment/,
    ],
    [
      'an unknown key further down',
      { domain: { ...domain, nmae: 1 } },
      /domain: has no key nmae \(is it "name"\?\); its keys are name, certificateArn/,
    ],
    [
      'an unknown key in a list',
      { profiles: [{ name: 'claude', enabld: false }] },
      /profiles\.0: has no key enabld \(is it "enabled"\?\)/,
    ],
    [
      'an unknown key below a name of somebody',
      { userLimits: { groups: { staff: { perMinut: 5 } } } },
      /userLimits\.groups\.staff: has no key perMinut \(is it "perMinute"\?\)/,
    ],
    ['a stage that no path can hold', { stage: 'a/b' }, /stage: is not 1 to 32 letters/],
    [
      'an environment that does not exist',
      { environment: 'staging' },
      /environment: is neither production nor development/,
    ],
    ['a domain mode without a domain', { urlMode: 'domain' }, /domain: is missing.*certificateArn/],
    [
      'a domain in another mode',
      { urlMode: 'stage', domain },
      /domain: is given, but the URL mode is "stage"/,
    ],
    [
      'a certificate that is none',
      { domain: { ...domain, certificateArn: 'x' } },
      /domain\.certificateArn: is not the ARN/,
    ],
    [
      'an upper-case host',
      { domain: { ...domain, name: 'MCP.example.com' } },
      /domain\.name: is not a lower-case host name/,
    ],
    [
      'a plain http origin',
      { allowedOrigins: ['http://example.com'] },
      /allowedOrigins\.0: is not an origin like https/,
    ],
    [
      'an origin with a wildcard',
      { allowedOrigins: ['https://*.example.com'] },
      /allowedOrigins\.0/,
    ],
    [
      'a profile with a bad name',
      { profiles: [{ name: 'A B' }] },
      /profiles\.0\.name: is not 1 to 31 lower-case/,
    ],
    [
      'an egress range that is none',
      { profiles: [{ name: 'a', egress: { ranges: ['1.2.3'], requestsPerMinute: 50 } }] },
      /profiles\.0\.egress\.ranges\.0: is not an address range/,
    ],
    [
      'one origin secret as its own successor',
      { originSecret: { current: 1, previous: 1 } },
      /originSecret: has the same version twice/,
    ],
  ])('refuses %s, and says how to put it right', (_, given, message) => {
    expect(() => readConfiguration(given)).toThrow(message);
  });

  test('names every fault at once', () => {
    expect(() => readConfiguration({ stage: '', alarmEmail: 'nobody' })).toThrow(
      /stage:[\s\S]*alarmEmail:/,
    );
  });
});
