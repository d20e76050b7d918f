import {
  only,
  properties,
  type Resource,
  resources,
  synthesized,
  text,
  withDomain,
} from '../synthesized.ts';

type Rule = Resource['Properties'];

const aclOf = (configuration: object, description: string): Resource['Properties'] => {
  const found = properties(synthesized(configuration), 'AWS::WAFv2::WebACL').find(
    ({ Description }) => Description === description,
  );
  if (found === undefined) throw new Error(`no web ACL ${description}`);
  return found;
};
const api = aclOf(withDomain, 'Gatehouse: the API');
const userPool = aclOf(withDomain, 'Gatehouse: the login pages');
const names = (acl: Resource['Properties']): readonly string[] =>
  acl['Rules'].map(({ Name }: Rule) => Name);
const rule = (acl: Resource['Properties'], name: string): Rule =>
  acl['Rules'].find(({ Name }: Rule) => Name === name);

describe('the web ACLs', () => {
  test('stand on the stage and on the user pool', () => {
    const on = properties(synthesized(), 'AWS::WAFv2::WebACLAssociation').map(({ ResourceArn }) =>
      text(ResourceArn),
    );
    expect(on).toEqual([
      expect.stringContaining('/restapis/'),
      expect.stringMatching(/UserPool\w+\.Arn/),
    ]);
  });

  test("hold AWS's own rules first", () => {
    expect(names(api).slice(0, 3)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesCommonRuleSet',
    ]);
    expect(names(userPool)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'everything-per-window',
    ]);
  });

  test('have unique names and priorities', () => {
    for (const acl of [api, userPool]) {
      expect(new Set(names(acl)).size).toBe(names(acl).length);
      expect(acl['Rules'].map(({ Priority }: Rule) => Priority)).toEqual(
        acl['Rules'].map((_: Rule, index: number) => index),
      );
    }
  });

  test('inspect bodies up to the most that API Gateway allows', () => {
    expect(api['AssociationConfig']).toEqual({
      RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } },
    });
  });
});

describe('what loopback redirects and JSON-RPC look like to the core rules', () => {
  const counted = rule(api, 'AWSManagedRulesCommonRuleSet')[
    'Statement'
  ].ManagedRuleGroupStatement.RuleActionOverrides.map(({ Name }: Rule) => Name);

  test.each([
    'SizeRestrictions_BODY',
    'GenericRFI_BODY',
    'GenericRFI_QUERYARGUMENTS',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'CrossSiteScripting_BODY',
  ])('%s only counts', (name) => {
    expect(counted).toContain(name);
  });

  test.each([
    ['GenericRFI_BODY', '/register', false],
    ['GenericRFI_BODY', '/prod/mcp', false],
    // The form repeats the redirect URI, which is `http://127.0.0.1:…` for many programs.
    ['GenericRFI_BODY', '/consent', false],
    ['GenericRFI_BODY', '/health', true],
    ['SizeRestrictions_BODY', '/token/', false],
    ['SizeRestrictions_BODY', '/health', true],
    ['GenericRFI_QUERYARGUMENTS', '/authorize', false],
    ['GenericRFI_QUERYARGUMENTS', '/mcp', true],
  ])('%s on %s is refused: %s', (name, path, refused) => {
    const { Action, Statement } = rule(api, `refuse-${name}`);
    const [label, elsewhere] = Statement.AndStatement.Statements;
    expect(Action).toEqual({ Block: {} });
    expect(label.LabelMatchStatement.Key.toLowerCase()).toBe(
      `awswaf:managed:aws:core-rule-set:${name.toLowerCase()}`,
    );
    expect(
      !new RegExp(elsewhere.NotStatement.Statement.RegexMatchStatement.RegexString).test(path),
    ).toBe(refused);
  });
});

describe("the web ACLs' logs (LOG-5)", () => {
  test('go where AWS WAF may write, encrypted', () => {
    const groups = properties(synthesized(), 'AWS::Logs::LogGroup').filter(
      ({ LogGroupName }) => LogGroupName !== undefined,
    );
    expect(groups).toHaveLength(2);
    for (const group of groups)
      expect(group).toMatchObject({
        LogGroupName: expect.stringMatching(/^aws-waf-logs-/),
        KmsKeyId: expect.anything(),
      });
  });

  test('hold no token, no cookie and no query string, nor do sampled requests', () => {
    for (const { RedactedFields } of properties(synthesized(), 'AWS::WAFv2::LoggingConfiguration'))
      expect(RedactedFields).toEqual([
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
        { SingleHeader: { Name: 'x-gatehouse-origin-secret' } },
        { QueryString: {} },
      ]);
    for (const acl of [api, userPool])
      expect(acl['DataProtectionConfig'].DataProtections).toEqual([
        {
          Action: 'SUBSTITUTION',
          Field: {
            FieldType: 'SINGLE_HEADER',
            FieldKeys: ['authorization', 'cookie', 'x-gatehouse-origin-secret'],
          },
        },
        { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
        { Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } },
      ]);
  });
});

describe('behind the distribution', () => {
  const first = (configuration: object): Rule =>
    aclOf(configuration, 'Gatehouse: the API')['Rules'][0];
  const accepted = (configuration: object): readonly string[] => {
    const { Statement } = first(configuration)['Statement'].NotStatement;
    const matches: readonly Rule[] = Statement.OrStatement?.Statements ?? [Statement];
    return matches.map(({ ByteMatchStatement }) => text(ByteMatchStatement.SearchString));
  };

  test('the first rule refuses what did not come through it', () => {
    expect(first({})).toMatchObject({
      Name: 'refuse-without-origin-secret',
      Priority: 0,
      Action: { Block: {} },
    });
    expect(accepted({})).toEqual([
      expect.stringMatching(
        /^\{\{resolve:secretsmanager:\$\{\w+Version1\w+\}:SecretString:::\}\}$/,
      ),
    ]);
  });

  test('two secrets are taken while one is replaced, and one is sent', () => {
    const replacing = { originSecret: { current: 2, previous: 1 } };
    expect(accepted(replacing)).toEqual([
      expect.stringContaining('Version2'),
      expect.stringContaining('Version1'),
    ]);
    const [header] = only(synthesized(replacing), 'AWS::CloudFront::Distribution')[
      'DistributionConfig'
    ].Origins[0].OriginCustomHeaders;
    expect([header.HeaderName, text(header.HeaderValue)]).toEqual([
      'x-gatehouse-origin-secret',
      expect.stringContaining('Version2'),
    ]);
  });

  test('the web ACL takes a new secret before the distribution sends it', () => {
    const [distribution] = Object.values(
      resources(synthesized({}), 'AWS::CloudFront::Distribution'),
    );
    expect([distribution?.DependsOn].flat()).toContainEqual(expect.stringContaining('WebAcl'));
  });

  test('there is no such rule in the other modes', () => {
    expect(names(api)).not.toContain('refuse-without-origin-secret');
  });
});
