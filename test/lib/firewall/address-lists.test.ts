import { readConfiguration } from '../../../lib/configuration.ts';
import { edgeHeaders } from '../../../policy/edge.ts';
import { properties, type Resource, resources, synthesized, withDomain } from '../synthesized.ts';

type Json = Resource['Properties'];

const lists = {
  blockedAddresses: ['203.0.113.66/32', '2001:db8:66::/64'],
  allowedAddresses: ['198.51.100.0/24'],
};
const ruleOf = (configuration: object, acl: string, name: string): Json | undefined =>
  properties(synthesized(configuration), 'AWS::WAFv2::WebACL')
    .find(({ Description }) => Description === acl)
    ?.['Rules'].find(({ Name }: Json) => Name === name);
const statementOf = (configuration: object, acl: string, name: string): Json =>
  ruleOf(configuration, acl, name)?.['Statement'] ?? {};

const setsIn = (statement: unknown): readonly string[] =>
  [
    ...JSON.stringify(statement).matchAll(
      /"Firewall(?:\w*?)(Blocked|Allowed)(IPV\d)|(Blocked|Allowed)(IPV\d)/g,
    ),
  ].map(([, a, b, c, d]) => `${a ?? c}${b ?? d}`);

describe('address lists', () => {
  test('become a set for each list and address family', () => {
    const sets = properties(synthesized({ ...withDomain, ...lists }), 'AWS::WAFv2::IPSet');
    expect(sets.map(({ Addresses }) => Addresses)).toEqual(
      expect.arrayContaining([['203.0.113.66/32'], ['2001:db8:66::/64'], ['198.51.100.0/24']]),
    );
  });

  test('refuse at the stage: who is blocked, and who is not allowed', () => {
    const { OrStatement } = statementOf(
      { ...withDomain, ...lists },
      'Gatehouse: the API',
      'refuse',
    );
    const listed = OrStatement.Statements.filter((each: Json) => setsIn(each).length > 0);
    expect(listed.map(setsIn)).toEqual([['BlockedIPV4'], ['BlockedIPV6'], ['AllowedIPV4']]);
    expect(listed.map((each: Json) => 'NotStatement' in each)).toEqual([false, false, true]);
  });

  test('look at the viewer and not at the distribution, in the mode cloudfront', () => {
    const rule = ruleOf(lists, 'Gatehouse: the API', 'refuse');
    const headers = [...JSON.stringify(rule).matchAll(/IPSetForwardedIPConfig":\{[^}]*/g)];
    expect(headers).toHaveLength(3);
    for (const [each] of headers) expect(each).toContain(edgeHeaders.viewerNetwork);
  });

  test('refuse at the login pages, and never our own token function', () => {
    const acl = 'Gatehouse: the login pages';
    const { AndStatement } = statementOf(lists, acl, 'refused-addresses');
    const [page, listed] = AndStatement.Statements;
    expect(JSON.stringify(page)).toContain('^/oauth2/(token|revoke)/?$');
    expect(page).toHaveProperty('NotStatement');
    expect(setsIn(listed)).toEqual(['BlockedIPV4', 'BlockedIPV6', 'AllowedIPV4']);
    expect(JSON.stringify(listed)).not.toContain('ForwardedIPConfig');
  });

  test('cost nothing where none is given: no set, no rule', () => {
    const template = synthesized();
    const ids = Object.keys(resources(template, 'AWS::WAFv2::IPSet'));
    expect(ids.filter((id) => /Blocked|Allowed/.test(id))).toEqual([]);
    expect(ruleOf(withDomain, 'Gatehouse: the login pages', 'refused-addresses')).toBeUndefined();
  });

  test.each(['203.0.113.66', '0.0.0.0/0', '2001:db8::1/128', 'example.com'])(
    'cannot hold %s, and say so',
    (range) => {
      for (const key of ['blockedAddresses', 'allowedAddresses'])
        expect(() => readConfiguration({ [key]: [range] })).toThrow(key);
    },
  );
});
