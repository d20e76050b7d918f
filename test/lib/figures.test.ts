import { figuresOf } from '../../lib/figures.ts';
import type { GatehouseProps } from '../../lib/gatehouse-props.ts';
import { addressLimits } from '../../policy/limits.ts';
import { synthesized, withDomain } from './synthesized.ts';

describe('figures', () => {
  test('go by their paths, and entries of a list by their names', () => {
    expect(
      figuresOf({
        userLimits: { perMinute: 30, groups: { interns: { perMinute: 5 } } },
        profiles: [{ name: 'claude', scopes: ['a', 'b'] }],
        access: { tools: { whoami: 'everybody' }, prompts: {} },
        nothing: undefined,
      }),
    ).toEqual([
      ['userLimits.perMinute', 30],
      ['userLimits.groups.interns', { perMinute: 5 }],
      ['profiles.claude.name', 'claude'],
      ['profiles.claude.scopes', ['a', 'b']],
      ['access.tools.whoami', 'everybody'],
    ]);
  });
});

/** What a diff of two templates' metadata would show, without the path of the Gatehouse. */
const diff = (
  [before, after]: readonly [object, object],
  [one, other]: readonly Pick<GatehouseProps, 'addressLimits'>[] = [],
) => {
  const [old, now] = [
    synthesized({ ...withDomain, ...before }, one),
    synthesized({ ...withDomain, ...after }, other),
  ].map((template): Readonly<Record<string, unknown>> => template.toJSON()['Metadata']);
  const keys = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...keys]
    .filter((key) => JSON.stringify(old?.[key]) !== JSON.stringify(now?.[key]))
    .map((key) => [key.replace(/^.*: /, ''), old?.[key], now?.[key]]);
};

describe('a diff shows what was changed, and nothing else', () => {
  test.each<[object, object, readonly unknown[]]>([
    [{}, { userLimits: { perMinute: 60 } }, ['userLimits.perMinute', 30, 60]],
    [
      {},
      { userLimits: { groups: { interns: { perMinute: 5 } } } },
      ['userLimits.groups.interns', undefined, { perMinute: 5 }],
    ],
    [{}, { logRetentionDays: 90 }, ['lifetimes.logRetentionDays', 365, 90]],
    [
      {},
      { profiles: [{ name: 'claude', refreshTokenDays: 14 }] },
      ['profiles.claude.refreshTokenDays', 30, 14],
    ],
  ])('%j to %j', (before, after, expected) => {
    expect(diff([before, after])).toEqual([expected]);
  });

  test('a limit by address', () => {
    const changed = addressLimits.map((limit) =>
      limit.name === 'oauth' ? { ...limit, requests: 20 } : limit,
    );
    expect(diff([{}, {}], [{}, { addressLimits: changed }])).toEqual([
      ['addressLimits.oauth.requests', 10, 20],
    ]);
  });

  test('who may use a tool', () => {
    expect(diff([{}, { access: { whoami: { groups: ['finance'] } } }])).toContainEqual([
      'access.tools.whoami',
      'everybody',
      ['finance'],
    ]);
  });
});
