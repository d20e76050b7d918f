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
      'login-pages-per-window',
    ]);
  });

  test('are known to their logs before they are associated: a new one is not known at once', () => {
    const template = synthesized({});
    const logs = Object.keys(resources(template, 'AWS::WAFv2::LoggingConfiguration'));
    for (const { DependsOn } of Object.values(resources(template, 'AWS::WAFv2::WebACLAssociation')))
      expect(logs).toContainEqual([DependsOn].flat().find((id) => logs.includes(id ?? '')));
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

/** What a web ACL without counts would refuse: whether one of the labels refuses on this path. */
const refuses = (label: string, path: string): boolean => {
  const matches = (statement: Rule): boolean => {
    if (statement['OrStatement']) return statement['OrStatement'].Statements.some(matches);
    if (statement['AndStatement']) return statement['AndStatement'].Statements.every(matches);
    if (statement['NotStatement']) return !matches(statement['NotStatement'].Statement);
    if (statement['LabelMatchStatement']) return statement['LabelMatchStatement'].Key === label;
    if (statement['RegexMatchStatement'])
      return new RegExp(statement['RegexMatchStatement'].RegexString).test(path);
    throw new Error(`not expected here: ${Object.keys(statement).join()}`);
  };
  return matches(rule(api, 'refuse')['Statement']);
};

describe('what our endpoints must take, to the managed rules', () => {
  const core = 'awswaf:managed:aws:core-rule-set:';
  const bad = 'awswaf:managed:aws:known-bad-inputs:';
  const counted = (group: string): readonly string[] =>
    rule(api, group)['Statement'].ManagedRuleGroupStatement.RuleActionOverrides.map(
      ({ Name }: Rule) => Name,
    );

  test.each([
    // A loopback redirect URI in the query: nobody on a computer of their own could log in.
    ['EC2MetaDataSSRF_QUERYARGUMENTS', `${core}EC2MetaDataSSRF_QueryArguments`, '/authorize'],
    ['GenericRFI_QUERYARGUMENTS', `${core}GenericRFI_QueryArguments`, '/authorize'],
    ['SizeRestrictions_QUERYSTRING', `${core}SizeRestrictions_QueryString`, '/callback'],
    ['GenericLFI_QUERYARGUMENTS', `${core}GenericLFI_QueryArguments`, '/authorize'],
    [
      'RestrictedExtensions_QUERYARGUMENTS',
      `${core}RestrictedExtensions_QueryArguments`,
      '/callback',
    ],
    ['CrossSiteScripting_QUERYARGUMENTS', `${core}CrossSiteScripting_QueryArguments`, '/callback'],
    ['EC2MetaDataSSRF_BODY', `${core}EC2MetaDataSSRF_Body`, '/register'],
    ['GenericRFI_BODY', `${core}GenericRFI_Body`, '/consent'],
    ['GenericLFI_BODY', `${core}GenericLFI_Body`, '/mcp'],
    ['CrossSiteScripting_BODY', `${core}CrossSiteScripting_Body`, '/prod/mcp'],
    ['SizeRestrictions_BODY', `${core}SizeRestrictions_Body`, '/token'],
  ])('%s only counts on %s%s', (name, label, path) => {
    expect(counted('AWSManagedRulesCommonRuleSet')).toContain(name);
    expect(refuses(label, path)).toBe(false);
    expect(refuses(label, '/health')).toBe(true);
  });

  test.each([
    ['Log4JRCE_BODY', `${bad}Log4JRCE_Body`, '/mcp'],
    ['JavaDeserializationRCE_BODY', `${bad}JavaDeserializationRCE_Body`, '/mcp'],
    ['ReactJSRCE_BODY', `${bad}ReactJSRCE_Body`, '/mcp'],
    ['Log4JRCE_HEADER', `${bad}Log4JRCE_Header`, '/mcp'],
    ['Log4JRCE_QUERYSTRING', `${bad}Log4JRCE_QueryString`, '/authorize'],
  ])('%s only counts where a person may ask about it', (name, label, path) => {
    expect(counted('AWSManagedRulesKnownBadInputsRuleSet')).toContain(name);
    expect(refuses(label, path)).toBe(false);
    expect(refuses(label, '/health')).toBe(true);
  });

  test('a client without a User-Agent is refused nowhere', () => {
    expect(counted('AWSManagedRulesCommonRuleSet')).toContain('NoUserAgent_HEADER');
    expect(refuses(`${core}NoUserAgent_Header`, '/health')).toBe(false);
  });

  test('every rule that counts leaves a label that refuses elsewhere', () => {
    const labels = JSON.stringify(rule(api, 'refuse')).toLowerCase();
    for (const group of ['AWSManagedRulesCommonRuleSet', 'AWSManagedRulesKnownBadInputsRuleSet'])
      for (const name of counted(group).filter((each) => each !== 'NoUserAgent_HEADER'))
        expect(labels).toContain(`:${name.toLowerCase()}"`);
  });
});

describe("the user pool's web ACL", () => {
  const { RateBasedStatement: rate } = rule(userPool, 'login-pages-per-window')['Statement'];
  const counts = (path: string) =>
    !new RegExp(
      rate.ScopeDownStatement.NotStatement.Statement.RegexMatchStatement.RegexString,
    ).test(path);

  test.each([
    ['/login', true],
    ['/oauth2/authorize', true],
    // Our own token function, for everybody, from a few addresses.
    ['/oauth2/token', false],
    ['/oauth2/revoke', false],
  ])('counts %s: %s', (path, counted) => expect(counts(path)).toBe(counted));
});

test('an idle stage pays for few rules', () => {
  const rules = [...aclOf({}, 'Gatehouse: the API')['Rules'], ...userPool['Rules']];
  expect(rules.length).toBeLessThanOrEqual(15);
});

describe("the web ACLs' logs (LOG-5)", () => {
  test('go where AWS WAF may write, encrypted', () => {
    const groups = properties(synthesized(), 'AWS::Logs::LogGroup').filter(
      ({ LogGroupName }) => LogGroupName !== undefined,
    );
    expect(groups).toHaveLength(2);
    for (const group of groups)
      expect(group).toMatchObject({
        KmsKeyId: expect.anything(),
      });
    for (const { LogGroupName } of groups) {
      expect(text(LogGroupName)).toMatch(/^aws-waf-logs-/);
      // A group that an earlier stack left behind must not have the same name.
      expect(JSON.stringify(LogGroupName)).toContain('AWS::StackId');
    }
  });

  test('keep what is refused or counted of the API, whose access log has the rest, and all of the login pages', () => {
    const filters = properties(synthesized(), 'AWS::WAFv2::LoggingConfiguration').map(
      ({ LoggingFilter }) => LoggingFilter,
    );
    expect(filters).toEqual([
      {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT', 'CAPTCHA', 'CHALLENGE'].map(
              (action) => ({ ActionCondition: { Action: action } }),
            ),
          },
        ],
      },
      undefined,
    ]);
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
  const block = (configuration: object): Rule =>
    rule(aclOf(configuration, 'Gatehouse: the API'), 'refuse');
  const accepted = (configuration: object): readonly string[] => {
    const [without] = block(configuration)['Statement'].OrStatement.Statements;
    const { Statement } = without.NotStatement;
    const matches: readonly Rule[] = Statement.OrStatement?.Statements ?? [Statement];
    return matches.map(({ ByteMatchStatement }) => text(ByteMatchStatement.SearchString));
  };

  test('what did not come through it is refused before it is counted', () => {
    const acl = aclOf({}, 'Gatehouse: the API');
    expect(block({})['Action']).toEqual({ Block: {} });
    const rates = acl['Rules'].filter(({ Statement }: Rule) => Statement.RateBasedStatement);
    for (const { Priority } of rates) expect(Priority).toBeGreaterThan(block({})['Priority']);
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
    expect(JSON.stringify(rule(api, 'refuse'))).not.toContain('x-gatehouse-origin-secret');
  });
});
