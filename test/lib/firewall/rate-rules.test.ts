import { connection } from '../../../lib/firewall/address-source.ts';
import { rateRules } from '../../../lib/firewall/rate-rules.ts';
import { pathMatcher } from '../../../lib/firewall/statements.ts';
import { headerTable } from '../../../policy/headers.ts';
import { type AddressLimit, addressLimits, wafQuotas } from '../../../policy/limits.ts';
import { type Resource, resources, synthesized, withDomain } from '../synthesized.ts';

type Rule = Resource['Properties'];

const rulesOf = (
  configuration: object = withDomain,
  limits: readonly AddressLimit[] = addressLimits,
): readonly Rule[] => {
  const acls = Object.values(
    resources(synthesized(configuration, { addressLimits: limits }), 'AWS::WAFv2::WebACL'),
  );
  return acls.find(({ Properties }) => Properties['Description'] === 'Gatehouse: the API')
    ?.Properties['Rules'];
};
const named = (rules: readonly Rule[], name: string) => rules.find(({ Name }) => Name === name);
const rateOf = (rule: Rule | undefined) => rule?.['Statement'].RateBasedStatement;

const rules = rulesOf();
const rates = rules.filter(({ Statement }) => 'RateBasedStatement' in Statement);
const blocks = rules.filter(({ Action }) => Action?.Block?.CustomResponse !== undefined);

describe('the rate rules', () => {
  test('are the rows of the policy, one each', () => {
    const deployed = addressLimits.filter(
      // 100 a minute on one path are 100 a minute on all of them: no rule of its own.
      (limit) => !('developmentOnly' in limit) && limit.name !== 'health',
    );
    expect(
      rates
        .slice(0, deployed.length)
        .map((rule) => [rule['Name'], rateOf(rule).Limit, rateOf(rule).EvaluationWindowSec]),
    ).toEqual(deployed.map(({ name, requests, perSeconds }) => [name, requests, perSeconds]));
  });

  test('count and label, and refuse nothing by themselves', () => {
    for (const rule of rates) {
      expect(rule['Action']).toEqual({ Count: {} });
      expect(rule['RuleLabels']).toEqual([
        {
          Name: `gatehouse:rate:${rateOf(rule).EvaluationWindowSec > 60 ? 'long' : 'minute'}:${rule['Name']}`,
        },
      ]);
    }
  });

  test('change with one figure of the policy and no other edit', () => {
    // 5 to 7 registrations a minute.
    const changed = addressLimits.map((limit) =>
      limit.name === 'registration' ? { ...limit, requests: 14 } : limit,
    );
    expect(rateOf(named(rulesOf(withDomain, changed), 'registration')).Limit).toBe(14);
    expect(rateOf(named(rules, 'registration')).Limit).toBe(10);
  });

  test.each([
    ['registration', '/register', true],
    ['registration', '/prod/register/', true],
    ['registration', '/mcp', false],
    ['oauth', '/token', true],
    ['oauth', '/prod/authorize', true],
    ['oauth', '/tokens', false],
    ['metadata', '/.well-known/oauth-protected-resource/mcp', true],
    ['metadata', '/prod/mcp/.well-known/oauth-protected-resource', true],
  ])('%s looks at %s: %s, with the stage in front or not', (name, path, expected) => {
    const statements: readonly Rule[] = rateOf(named(rules, name)).ScopeDownStatement.AndStatement
      .Statements;
    const regex = statements.flatMap(({ RegexMatchStatement }) =>
      RegexMatchStatement ? [RegexMatchStatement] : [],
    );
    expect(regex).toHaveLength(1);
    expect(new RegExp(regex[0]?.RegexString).test(path)).toBe(expected);
    expect(regex[0]?.TextTransformations.map(({ Type }: Rule) => Type)).toEqual([
      'URL_DECODE',
      'NORMALIZE_PATH',
    ]);
  });

  test('leave /mcp out of the hour: the exact hour of a user stands there', () => {
    expect(JSON.stringify(named(rules, 'everything-per-hour'))).toContain(
      '"NotStatement":{"Statement":{"RegexMatchStatement"',
    );
  });

  test('count each OAuth path apart (RATE-2)', () => {
    expect(rateOf(named(rules, 'oauth'))).toMatchObject({
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [
        { IP: {} },
        { UriPath: { TextTransformations: [{ Type: 'URL_DECODE' }, { Type: 'NORMALIZE_PATH' }] } },
      ],
    });
    expect(JSON.stringify(named(rules, 'refuse'))).toContain(
      '^(/prod)?(/authorize|/consent|/callback|/token|/revoke)/+$',
    );
  });

  test('leave known egress to its own, higher ceiling', () => {
    expect(rateOf(named(rules, 'shared-networks-3000'))).toMatchObject({
      Limit: 3000,
      ScopeDownStatement: { IPSetReferenceStatement: {} },
    });
    for (const rule of rates.filter(({ Name }) => !Name.startsWith('shared-networks-')))
      expect(JSON.stringify(rateOf(rule).ScopeDownStatement)).toContain(
        '"NotStatement":{"Statement":{"IPSetReferenceStatement"',
      );
  });

  test('give a trusted network its own ceiling, in one rule with others of the same', () => {
    const office = { ranges: ['198.51.100.0/24', '2001:db8::/48'] };
    const same = { ranges: ['203.0.113.7/32'], requestsPerMinute: 3000 };
    const trusting = rulesOf({ ...withDomain, trustedNetworks: [office, same] });
    expect(rateOf(named(trusting, 'shared-networks-1000'))).toMatchObject({
      Limit: 1000,
      ScopeDownStatement: { OrStatement: { Statements: [{}, {}] } },
    });
    // Nobody there is held to the limits for one caller, the login's ten a minute among them.
    expect(
      rateOf(named(trusting, 'oauth')).ScopeDownStatement.AndStatement.Statements,
    ).toHaveLength(3);
    const ceilings = trusting.filter(({ Name }) => Name.startsWith('shared-networks-'));
    expect(ceilings).toHaveLength(2);
  });

  test('count self-tests on a development environment alone (RATE-7)', () => {
    expect(named(rules, 'self-test')).toBeUndefined();
    expect(
      named(rulesOf({ ...withDomain, environment: 'development' }), 'self-test'),
    ).toBeDefined();
  });

  test("take the caller's address from the connection, whatever headers say (RATE-10)", () => {
    expect(JSON.stringify(rules)).not.toMatch(/FORWARDED_IP|ForwardedIP/);
  });

  test('take it from the header of our own distribution where there is one', () => {
    for (const rule of rulesOf({}).filter(({ Statement }) => 'RateBasedStatement' in Statement))
      expect(rateOf(rule)).toMatchObject({
        AggregateKeyType: expect.stringMatching(/^(FORWARDED_IP|CUSTOM_KEYS)$/),
        ForwardedIPConfig: { HeaderName: 'x-gatehouse-viewer-network', FallbackBehavior: 'MATCH' },
      });
  });
});

describe('the blocks', () => {
  test('stand after every count, one for minutes and one for longer windows, one in JSON-RPC for /mcp, and one page', () => {
    expect(blocks.map(({ Name }) => Name)).toEqual([
      'over-limit-600-page',
      'over-limit-60-jsonrpc',
      'over-limit-60',
      'over-limit-600',
    ]);
    const priority = (list: readonly Rule[]) => list.map(({ Priority }) => Priority);
    expect(Math.min(...priority(blocks))).toBeGreaterThan(Math.max(...priority(rates)));
  });

  test.each(['production', 'development'] as const)(
    'carry a 429, Retry-After and the whole header table in %s (RATE-9)',
    (environment) => {
      const blocked = rulesOf({ ...withDomain, environment }).filter(
        ({ Action }) => Action?.Block?.CustomResponse !== undefined,
      );
      for (const { Action, Name } of blocked) {
        const { ResponseCode, ResponseHeaders } = Action.Block.CustomResponse;
        expect(ResponseCode).toBe(429);
        expect(
          Object.fromEntries(
            ResponseHeaders.map((header: Rule) => [header['Name'], header['Value']]),
          ),
        ).toEqual({
          ...headerTable(environment),
          'retry-after': /-(\d+)/.exec(Name)?.[1],
        });
      }
    },
  );

  test('answer in the shape of the endpoint (ERR-2)', () => {
    const acl = Object.values(resources(synthesized(), 'AWS::WAFv2::WebACL'))[0]?.Properties;
    const custom = (name: string) =>
      acl?.['CustomResponseBodies'][
        named(rules, name)?.['Action'].Block.CustomResponse.CustomResponseBodyKey
      ];
    const body = (name: string) => JSON.parse(custom(name).Content);
    expect(custom('over-limit-600-page')).toEqual({
      ContentType: 'TEXT_HTML',
      Content: expect.stringContaining('<h1>Too many requests.</h1>'),
    });
    expect(named(rules, 'over-limit-600-page')?.['Statement'].AndStatement.Statements[0]).toEqual({
      LabelMatchStatement: { Scope: 'NAMESPACE', Key: 'gatehouse:rate:' },
    });
    expect(body('over-limit-60-jsonrpc')).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: 429, message: 'Too many requests.' },
    });
    expect(body('over-limit-60')).toMatchObject({ status: 429, error: 'temporarily_unavailable' });
  });

  test("stay within AWS WAF's quotas", () => {
    const counts = blocks.map(({ Action }) => Action.Block.CustomResponse.ResponseHeaders.length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(wafQuotas.customHeadersPerResponse);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(
      wafQuotas.customHeadersPerAcl,
    );
    for (const { Action } of blocks)
      for (const { Value } of Action.Block.CustomResponse.ResponseHeaders)
        expect(Value.length).toBeLessThanOrEqual(wafQuotas.customHeaderValueCharacters);
    expect(rates.length).toBeLessThanOrEqual(wafQuotas.rateRulesPerAcl);
  });
});

describe('a limit that AWS WAF cannot express', () => {
  const limit = (change: Partial<AddressLimit>): readonly AddressLimit[] => [
    {
      id: 'RATE-3',
      name: 'registration',
      requests: 10,
      perSeconds: 120,
      counts: 'everything',
      ...change,
    },
  ];

  test.each([
    [
      'is below its floor',
      { requests: 5, perSeconds: 60 },
      'counts no less than 10. Nearest: 10 in 120 s, 25 in 300 s, 50 in 600 s.',
    ],
    [
      'has a window that it has not',
      { requests: 100, perSeconds: 90 },
      'has windows of 60, 120, 300, 600 s only. Nearest: 67 in 60 s, 133 in 120 s, 333 in 300 s, 667 in 600 s.',
    ],
    ['is no whole number', { requests: 10.5 }, 'counts whole requests'],
    ['is out of reach', { requests: 0.1, perSeconds: 60 }, 'Nearest: 10 in 600 s.'],
  ])('%s: the nearest that it can are named', (_, change, message) => {
    const rulesWith = (limits: readonly AddressLimit[]) =>
      rateRules({
        limits,
        networks: [],
        matchesPath: pathMatcher('prod'),
        addresses: connection,
        environment: 'production',
      });
    expect(() => rulesWith(limit(change))).toThrow(message);
  });

  test('is one too many, which fails the synthesis as each of these does', () => {
    const many = Array.from({ length: 10 }, (_, index) => ({
      id: 'RATE-1',
      name: `limit-${index}`,
      requests: 100,
      perSeconds: 60,
      counts: 'everything' as const,
    }));
    expect(() => rulesOf(withDomain, many)).toThrow('11 rate rules are needed');
  });
});
