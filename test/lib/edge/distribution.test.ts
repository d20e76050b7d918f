import { headerTable, removedHeaders } from '../../../policy/headers.ts';
import {
  only,
  properties,
  servingFunctions,
  synthesized,
  text,
  withDomain,
} from '../synthesized.ts';

const template = synthesized({});
const config = only(template, 'AWS::CloudFront::Distribution')['DistributionConfig'];

describe('the distribution', () => {
  test('exists in its own mode alone', () => {
    synthesized().resourceCountIs('AWS::CloudFront::Distribution', 0);
    synthesized({ urlMode: 'stage' }).resourceCountIs('AWS::CloudFront::Distribution', 0);
  });

  test('stands in front of the stage, so that its root is ours', () => {
    expect(config.Origins).toHaveLength(1);
    expect(config.Origins[0]).toMatchObject({
      OriginPath: '/prod',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    });
    expect(text(config.Origins[0].DomainName)).toMatch(
      /^\$\{\w+\}\.execute-api\.\$\{AWS::Region\}\./,
    );
  });

  test('caches nothing, takes every method, and passes on everything but the Host header', () => {
    expect(config.DefaultCacheBehavior).toMatchObject({
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
      Compress: true,
    });
    expect(config.DefaultCacheBehavior.AllowedMethods).toEqual(
      expect.arrayContaining(['GET', 'POST', 'DELETE', 'OPTIONS']),
    );
    expect(config.HttpVersion).toBe('http2and3');
  });

  test('keeps the metadata documents as long as they allow, each origin apart', () => {
    expect(
      config.CacheBehaviors.map(({ PathPattern }: { PathPattern: string }) => PathPattern),
    ).toEqual(['/.well-known/*', '/mcp/.well-known/*', '/mcp/server-card']);
    expect(only(template, 'AWS::CloudFront::CachePolicy')['CachePolicyConfig']).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      MaxTTL: 300,
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Origin'] },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
        CookiesConfig: { CookieBehavior: 'none' },
      },
    });
  });

  test('lets nothing reach a document’s origin that is not part of its key: nobody decides what others are given', () => {
    expect(
      only(template, 'AWS::CloudFront::OriginRequestPolicy')['OriginRequestPolicyConfig'],
    ).toMatchObject({
      HeadersConfig: {
        HeaderBehavior: 'whitelist',
        Headers: ['x-gatehouse-viewer-address', 'x-gatehouse-viewer-network'],
      },
      QueryStringsConfig: { QueryStringBehavior: 'none' },
      CookiesConfig: { CookieBehavior: 'none' },
    });
    for (const { OriginRequestPolicyId } of config.CacheBehaviors)
      expect(OriginRequestPolicyId).toEqual({ Ref: expect.stringContaining('DocumentsRequest') });
  });

  test('keeps no error: one bad request would be the answer of everybody for ten seconds', () => {
    expect(config.CustomErrorResponses).toEqual(
      [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map((ErrorCode) => ({
        ErrorCode,
        ErrorCachingMinTTL: 0,
      })),
    );
  });

  test("writes the viewer's address over whatever the client sent, on every path (RATE-10)", () => {
    const { FunctionCode: code } = only(template, 'AWS::CloudFront::Function');
    const handler: (event: object) => unknown = new Function(`${code}; return handler;`)();
    const forged = {
      'x-gatehouse-viewer-address': { value: '1.1.1.1' },
      'x-gatehouse-viewer-network': { value: '1.1.1.1' },
      'x-amzn-trace-id': { value: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' },
      'x-forwarded-for': { value: '2.2.2.2' },
    };
    expect(handler({ viewer: { ip: '203.0.113.9' }, request: { headers: forged } })).toMatchObject({
      headers: {
        'x-gatehouse-viewer-address': { value: '203.0.113.9' },
        'x-gatehouse-viewer-network': { value: '203.0.113.9' },
      },
    });
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors])
      expect(behavior.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
  });

  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0::'],
    ['::1', '0:0:0:0::'],
    ['2001:db8:1:2::', '2001:db8:1:2::'],
    ['2001::8:9', '2001:0:0:0::'],
    ['203.0.113.9', '203.0.113.9'],
  ])('counts %s as %s: an IPv6 host has all addresses of its /64 (RATE-10)', (ip, network) => {
    const { FunctionCode: code } = only(template, 'AWS::CloudFront::Function');
    const handler = new Function(`${code}; return handler;`)();
    const { headers } = handler({ viewer: { ip }, request: { headers: {} } });
    expect(headers['x-gatehouse-viewer-network']).toEqual({ value: network });
    expect(headers['x-gatehouse-viewer-address']).toEqual({ value: ip });
  });

  test('takes off what would have every request traced', () => {
    const { FunctionCode: code } = only(template, 'AWS::CloudFront::Function');
    const handler = new Function(`${code}; return handler;`)();
    const headers = { 'x-amzn-trace-id': { value: 'Sampled=1' } };
    const sent = handler({ viewer: { ip: '203.0.113.9' }, request: { headers } });
    expect(sent.headers).not.toHaveProperty('x-amzn-trace-id');
  });

  test.each([
    ['AWS::CloudFront::CachePolicy', 'CachePolicyConfig'],
    ['AWS::CloudFront::OriginRequestPolicy', 'OriginRequestPolicyConfig'],
    ['AWS::CloudFront::ResponseHeadersPolicy', 'ResponseHeadersPolicyConfig'],
  ])('names %s by its region: the name is global', (type, config) => {
    expect(text(only(template, type)[config].Name)).toMatch(/-\$\{AWS::Region\}$/);
  });

  test.each(['production', 'development'] as const)(
    'sends the header table in %s where the origin has not, and never over it',
    (environment) => {
      const policy = only(synthesized({ environment }), 'AWS::CloudFront::ResponseHeadersPolicy')[
        'ResponseHeadersPolicyConfig'
      ];
      const { SecurityHeadersConfig: named, CustomHeadersConfig: custom } = policy;
      const hsts = named.StrictTransportSecurity;
      expect({
        'x-content-type-options': named.ContentTypeOptions && 'nosniff',
        'x-frame-options': named.FrameOptions.FrameOption,
        'x-xss-protection': `${Number(named.XSSProtection.Protection)}${named.XSSProtection.ModeBlock ? '; mode=block' : ''}`,
        'strict-transport-security': `max-age=${hsts.AccessControlMaxAgeSec}${hsts.IncludeSubdomains ? '; includeSubDomains' : ''}`,
        'referrer-policy': named.ReferrerPolicy.ReferrerPolicy,
        'content-security-policy': named.ContentSecurityPolicy.ContentSecurityPolicy,
        ...Object.fromEntries(
          custom.Items.map(({ Header, Value }: { Header: string; Value: string }) => [
            Header,
            Value,
          ]),
        ),
      }).toEqual(headerTable(environment));
      expect(JSON.stringify(policy)).not.toContain('"Override":true');
      expect(
        policy.RemoveHeadersConfig.Items.map(({ Header }: { Header: string }) => Header),
      ).toEqual([...removedHeaders]);
    },
  );

  test('logs without query strings, cookies and referrers (LOG-5)', () => {
    const [fields] = properties(template, 'AWS::Logs::Delivery').map(({ RecordFields }) =>
      RecordFields.join(' '),
    );
    expect(fields).toContain('cs-uri-stem');
    expect(fields).not.toMatch(/query|cookie|referer|authorization/i);
    expect(config).not.toHaveProperty('Logging');
  });

  test('names the one URL of the deployment everywhere', () => {
    const issuers = Object.values(servingFunctions(template))
      .map(({ Properties }) => Properties)
      .flatMap(({ Environment: { Variables } }) =>
        Variables.ISSUER_URL ? [text(Variables.ISSUER_URL)] : [],
      );
    expect(new Set(issuers)).toEqual(
      new Set([expect.stringMatching(/^https:\/\/\$\{\w*Edge\w*\.DomainName\}$/)]),
    );
  });
});

test('the custom domain needs no distribution and no origin secret', () => {
  const domain = synthesized(withDomain);
  domain.resourceCountIs('AWS::CloudFront::Distribution', 0);
  domain.resourceCountIs('AWS::SecretsManager::Secret', 0);
});
