import { managedGroups } from '../../../local/firewall/managed-groups.ts';
import { wafRules } from '../../../local/firewall/rules.ts';
import { makeFirewall } from '../../../local/firewall/web-acl.ts';
import { makeRequest } from '../../../local/gateway/request.ts';

const core = 'AWSManagedRulesCommonRuleSet';
const knownBadInputs = 'AWSManagedRulesKnownBadInputsRuleSet';

interface Given {
  readonly target?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const request = ({ target = '/', method = 'GET', headers = {}, body = '' }: Given = {}) =>
  makeRequest({
    httpMethod: method,
    target,
    rawHeaders: Object.entries({ 'User-Agent': 'a browser', ...headers }).flat(),
    body: Buffer.from(body),
    tooLarge: false,
    sourceIp: '127.0.0.1',
    protocol: 'HTTP/1.1',
    receivedAt: 1_000_000,
  });

const inspect = (name: string, given: Given, more: object = {}, rule: object = {}) =>
  makeFirewall({
    rules: wafRules.parse([
      {
        Name: 'group',
        Priority: 0,
        OverrideAction: { None: {} },
        Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: name, ...more } },
        VisibilityConfig: {},
        ...rule,
      },
    ]),
    defaultAction: { Allow: {} },
    labelPrefix: 'awswaf:123456789012:webacl:acl:',
    bodyLimit: 16 * 1024,
    customBodies: new Map(),
    addressSets: new Map(),
    patternSets: new Map(),
  }).inspect(request(given));

const label = (name: string, rule: string) =>
  managedGroups.get(name)?.find((each) => each.name === rule)?.label;

const java = '(java.lang.Runtime).getRuntime().exec("whoami")';
const log4j = '${jndi:ldap://example.com/}';

/** A request for each rule that has a pattern, after the example that AWS publishes. */
const examples: readonly (readonly [group: string, rule: string, given: Given])[] = [
  [core, 'UserAgent_BadBots_HEADER', { headers: { 'User-Agent': 'nmap scripting engine' } }],
  [core, 'SizeRestrictions_QUERYSTRING', { target: `/?a=${'x'.repeat(2047)}` }],
  [core, 'SizeRestrictions_Cookie_HEADER', { headers: { Cookie: 'x'.repeat(10_241) } }],
  [core, 'SizeRestrictions_BODY', { body: 'x'.repeat(8193) }],
  [core, 'SizeRestrictions_URIPATH', { target: `/${'x'.repeat(1024)}` }],
  [core, 'EC2MetaDataSSRF_BODY', { body: '{"redirect_uris":["http://localhost:1234/callback"]}' }],
  [core, 'EC2MetaDataSSRF_COOKIE', { headers: { Cookie: 'a=169.254.169.254' } }],
  [core, 'EC2MetaDataSSRF_URIPATH', { target: '/169.254.169.254/latest' }],
  [
    core,
    'EC2MetaDataSSRF_QUERYARGUMENTS',
    { target: '/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A1234%2Fcallback' },
  ],
  [core, 'GenericLFI_QUERYARGUMENTS', { target: '/?file=..%2F..%2Fetc%2Fpasswd' }],
  [core, 'GenericLFI_URIPATH', { target: '/../../etc/passwd' }],
  [core, 'GenericLFI_BODY', { body: '../../etc/passwd' }],
  [core, 'RestrictedExtensions_URIPATH', { target: '/my.ini' }],
  [core, 'RestrictedExtensions_QUERYARGUMENTS', { target: '/?file=my.log' }],
  [core, 'GenericRFI_QUERYARGUMENTS', { target: '/?file=http://203.0.113.9/a' }],
  [core, 'GenericRFI_BODY', { body: 'ftp://203.0.113.9/a' }],
  [core, 'GenericRFI_URIPATH', { target: '/x/file://203.0.113.9/a' }],
  [core, 'CrossSiteScripting_COOKIE', { headers: { Cookie: 'a=<script>alert("hello")</script>' } }],
  [core, 'CrossSiteScripting_QUERYARGUMENTS', { target: '/?a=%3Cscript%3Ealert(1)' }],
  [core, 'CrossSiteScripting_BODY', { body: '<script>alert("hello")</script>' }],
  [core, 'CrossSiteScripting_URIPATH', { target: '/%3Cscript%3E' }],
  [knownBadInputs, 'JavaDeserializationRCE_HEADER', { headers: { 'X-A': java } }],
  [knownBadInputs, 'JavaDeserializationRCE_BODY', { body: java }],
  [knownBadInputs, 'JavaDeserializationRCE_URIPATH', { target: `/${encodeURIComponent(java)}` }],
  [
    knownBadInputs,
    'JavaDeserializationRCE_QUERYSTRING',
    { target: `/?a=${encodeURIComponent(java)}` },
  ],
  [knownBadInputs, 'PROPFIND_METHOD', { method: 'PROPFIND' }],
  [knownBadInputs, 'ExploitablePaths_URIPATH', { target: '/web-inf/web.xml' }],
  [knownBadInputs, 'Log4JRCE_HEADER', { headers: { 'X-A': log4j } }],
  [knownBadInputs, 'Log4JRCE_QUERYSTRING', { target: `/?a=${encodeURIComponent(log4j)}` }],
  [knownBadInputs, 'Log4JRCE_BODY', { body: `{"question":"what is ${log4j}"}` }],
  [knownBadInputs, 'Log4JRCE_URIPATH', { target: `/${encodeURIComponent(log4j)}` }],
  [knownBadInputs, 'ReactJSRCE_BODY', { body: '{"then":"$1:__proto__:then"}' }],
];

/** Rules whose lists or conditions nobody can meet here; the reason stands beside each in the table. */
const neverMatched = [
  'Host_localhost_HEADER',
  'AWSManagedIPReputationList',
  'AWSManagedReconnaissanceList',
  'AWSManagedIPDDoSList',
];

describe('a managed rule group', () => {
  it.each(examples)(
    '%s: %s blocks what AWS describes, and leaves its label',
    (group, rule, given) => {
      expect(inspect(group, given)).toEqual({
        action: 'block',
        rule: `group#${rule}`,
        labels: [label(group, rule)],
      });
    },
  );

  it('blocks a request that names no program', () => {
    const nameless = makeRequest({ ...request(), target: '/', rawHeaders: ['Host', 'localhost'] });
    const [first] = managedGroups.get(core) ?? [];
    expect([first?.name, first?.matches(nameless, 0), first?.matches(request(), 0)]).toEqual([
      'NoUserAgent_HEADER',
      true,
      false,
    ]);
  });

  it('has an example here for each of its rules', () => {
    const known = [...managedGroups.values()].flat().map(({ name }) => name);
    const shown = [...examples.map(([, rule]) => rule), 'NoUserAgent_HEADER', ...neverMatched];
    expect(shown.sort()).toEqual(known.sort());
  });

  it('lets an ordinary request pass', () => {
    const target = '/authorize?redirect_uri=https%3A%2F%2Fclaude.ai%2Fcallback&state=abc';
    for (const group of managedGroups.keys())
      expect(inspect(group, { target, body: '{"jsonrpc":"2.0"}' })).toMatchObject({
        action: 'allow',
        labels: [],
      });
  });

  const ssrf = { target: '/?redirect_uri=http://localhost:1234/callback' };

  it('only leaves the label of a rule that is overridden to count, and goes on', () => {
    const counted = {
      RuleActionOverrides: [{ Name: 'EC2MetaDataSSRF_QUERYARGUMENTS', ActionToUse: { Count: {} } }],
    };
    const labels = [label(core, 'EC2MetaDataSSRF_QUERYARGUMENTS')];
    expect(inspect(core, ssrf, counted)).toMatchObject({ action: 'allow', labels });
    expect(inspect(core, { ...ssrf, body: '../../etc' }, counted)).toMatchObject({
      action: 'block',
      rule: 'group#GenericLFI_BODY',
    });
    expect(
      inspect(core, ssrf, { ExcludedRules: [{ Name: 'EC2MetaDataSSRF_QUERYARGUMENTS' }] }),
    ).toMatchObject({ action: 'allow', labels });
  });

  it('takes no notice of an override whose rule it does not have, as on AWS', () => {
    const misspelt = {
      RuleActionOverrides: [{ Name: 'EC2MetaDataSSRF_QueryArguments', ActionToUse: { Count: {} } }],
    };
    expect(inspect(core, ssrf, misspelt)).toMatchObject({ action: 'block' });
  });

  it('counts as a whole where the web ACL says so', () => {
    expect(inspect(core, ssrf, {}, { OverrideAction: { Count: {} } })).toMatchObject({
      action: 'allow',
      labels: [label(core, 'EC2MetaDataSSRF_QUERYARGUMENTS')],
    });
  });

  it('looks only at what its scope-down statement lets it see', () => {
    const scope = (search: string) => ({
      ScopeDownStatement: {
        ByteMatchStatement: {
          FieldToMatch: { UriPath: {} },
          PositionalConstraint: 'STARTS_WITH',
          SearchString: search,
          TextTransformations: [{ Priority: 0, Type: 'NONE' }],
        },
      },
    });
    expect(inspect(core, ssrf, scope('/elsewhere'))).toMatchObject({ action: 'allow', labels: [] });
    expect(inspect(core, ssrf, scope('/'))).toMatchObject({ action: 'block' });
  });

  it('that is not emulated is refused by name', () => {
    expect(() => inspect('AWSManagedRulesBotControlRuleSet', {})).toThrow(/not emulated/);
  });
});
