import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { bundles } from '../../lib/bundle/bundle.ts';
import { Gatehouse } from '../../lib/gatehouse.ts';
import type { GatehouseProps } from '../../lib/gatehouse-props.ts';
import { importEnvironment } from '../../lib/tool-settings.ts';
import { usagePlanShares, userLimits } from '../../policy/limits.ts';
import { deployedCode } from './deployed-code.ts';
import { properties } from './synthesized.ts';
import { testApp } from './test-app.ts';

/** Gatehouses in somebody else's stack. */
const inStack = (...all: readonly GatehouseProps[]): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  try {
    const stack = new Stack(testApp({ outdir }), 'Platform');
    for (const [index, props] of all.entries()) new Gatehouse(stack, `Mcp${index}`, props);
    return Template.fromStack(stack);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

describe('the construct', () => {
  test('needs no property', () => {
    inStack({}).resourceCountIs('AWS::CloudFront::Distribution', 1);
  });

  test('stands in a stack twice, with keys and names of its own', () => {
    const twice = inStack({ urlMode: 'stage' }, { urlMode: 'stage' });
    const distinct = (type: string, property: string) =>
      new Set(properties(twice, type).map(({ [property]: value }) => value)).size;
    const profiles = 3;
    expect(distinct('AWS::ApiGateway::ApiKey', 'Value')).toBe(
      2 * profiles * usagePlanShares.perProfileInApp,
    );
    expect(distinct('AWS::Logs::QueryDefinition', 'Name')).toBe(24);
    expect(
      new Set(
        properties(twice, 'AWS::WAFv2::WebACL').map(
          ({ VisibilityConfig }) => VisibilityConfig.MetricName,
        ),
      ).size,
    ).toBe(4);
  });

  test('takes only what its types take', () => {
    // @ts-expect-error a property that does not exist
    expect(() => inStack({ definitions: '/mcp' })).toThrow(
      /^The Gatehouse Platform\/Mcp0 cannot be used:\n {2}Mcp0: has no key definitions; its keys are entry, tools, encryptionKey, addressLimits, .*stage, environment/,
    );
    // @ts-expect-error a URL mode that does not exist
    expect(() => inStack({ urlMode: 'apex' })).toThrow(
      'urlMode: is none of domain, stage and cloudfront',
    );
  });

  test('gives its rules of access to the function, the authorizer and whoever reads the template', () => {
    const template = inStack({ access: { whoami: { groups: ['finance'] } } }).toJSON();
    expect(template['Metadata']['Gatehouse:Platform/Mcp0'].access.tools).toMatchObject({
      whoami: ['finance'],
      my_usage: 'everybody',
    });
    const { byFunction } = bundles(undefined, undefined, importEnvironment({}), {
      access: { whoami: { groups: ['finance'] } },
      toolLimits: {},
    });
    for (const name of ['mcp', 'authorizer'] as const)
      expect(Buffer.from(byFunction[name].code).toString()).toMatch(/whoami"?:\["finance"\]/);
  });

  test('refuses a rule of access that protects nothing, or lets nobody in', () => {
    expect(() => inStack({ access: { whoam: { groups: ['finance'] } } })).toThrow(
      'access.whoam: names no tool, prompt or resource: did you mean whoami?',
    );
    expect(() => inStack({ access: { whoami: { groups: [] } } })).toThrow(
      `access.whoami.groups: is empty, so nobody could use it: name a group, or write 'everybody'`,
    );
  });

  test('gives its limits of users and tools to the function and whoever reads the template', () => {
    const chosen = {
      perMinute: 60,
      groups: { interns: { perMinute: 5 } },
      tools: { whoami: { perHour: 9 } },
    };
    const template = inStack({ userLimits: chosen }).toJSON();
    expect(template['Metadata']).toMatchObject({
      'Gatehouse Platform/Mcp0: userLimits.perMinute': 60,
      'Gatehouse Platform/Mcp0: userLimits.groups.interns': { perMinute: 5 },
      'Gatehouse Platform/Mcp0: userLimits.tools.whoami': { perHour: 9 },
    });
    expect(deployedCode({ userLimits: chosen })['mcp']).toContain(
      `process.env.USER_LIMITS=${JSON.stringify(JSON.stringify({ ...userLimits, ...chosen }))}`,
    );
  });

  test.each([
    [{ perMinute: 0 }, 'userLimits.perMinute: is below 1'],
    [{ perMinute: 2000 }, 'userLimits: has a perMinute over its perHour'],
    [{ groups: { interns: {} } }, 'userLimits.groups.interns: says neither perMinute nor perHour'],
    [
      { groups: { interns: { perMinute: 50, perHour: 10 } } },
      'userLimits.groups.interns: has a perMinute over its perHour',
    ],
    [
      { tools: { whoami: { perMinute: 50, perHour: 10 } } },
      'userLimits.tools.whoami: has a perMinute over its perHour',
    ],
    [{ groups: { ' x': { perMinute: 1 } } }, 'is not the name of a group'],
    [{ tools: { whoam: { perMinute: 1 } } }, 'userLimits.tools.whoam: names no tool: did you mean'],
  ])('refuses the limits %j', (chosen, reason) => {
    expect(() => inStack({ userLimits: chosen })).toThrow(reason);
  });

  test('says which property is wrong, and how to put it right', () => {
    expect(() => inStack({ entry: 'mcp' })).toThrow(
      `entry: "mcp" is not an absolute path: give join(import.meta.dirname, 'mcp')`,
    );
    expect(() => inStack({ urlMode: 'domain' })).toThrow(/domain: is missing.*certificateArn/);
  });
});
