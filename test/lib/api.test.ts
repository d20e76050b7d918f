import type { Template } from 'aws-cdk-lib/assertions';
import { endpointRows, endpoints } from '../../policy/endpoints.ts';
import { methodThrottles } from '../../policy/limits.ts';
import {
  inLocalRuntime,
  only,
  properties,
  type Resource,
  resources,
  synthesized,
  text,
  withDomain,
} from './synthesized.ts';

interface Route {
  readonly route: string;
  readonly method: Resource['Properties'];
}

const routesOf = (template: Template): readonly Route[] => {
  const parts = resources(template, 'AWS::ApiGateway::Resource');
  const path = (reference: { readonly Ref?: string }): string => {
    const part = parts[reference.Ref ?? ''];
    return part === undefined
      ? ''
      : `${path(part.Properties['ParentId'])}/${part.Properties['PathPart']}`;
  };
  return properties(template, 'AWS::ApiGateway::Method').map((method) => ({
    route: `${method['HttpMethod']} ${path(method['ResourceId']) || '/'}`,
    method,
  }));
};

const template = synthesized();
const routes = routesOf(template);

/** What the policy promises: its endpoints, and preflights where other origins call. */
const promised = (development: boolean): readonly string[] => [
  ...endpointRows
    .filter(({ developmentOnly }) => development || !developmentOnly)
    .flatMap(({ path, methods, browsers }) =>
      [...methods, ...(browsers === 'cross-origin' ? ['OPTIONS'] : [])].map(
        (method) => `${method} ${path}`,
      ),
    ),
];

describe('the routes', () => {
  test("are the policy's, no more and no less", () => {
    expect(routes.map(({ route }) => route).sort()).toEqual([...promised(false)].sort());
  });

  test('gain the self-test on a development environment alone', () => {
    const development = routesOf(synthesized({ ...withDomain, environment: 'development' }));
    expect(development.map(({ route }) => route).sort()).toEqual([...promised(true)].sort());
  });

  test('all go to a function of ours, preflights too (CORS-6)', () => {
    for (const { method } of routes)
      expect(method['Integration']).toMatchObject({
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
      });
  });

  test.each(['POST /mcp', 'GET /mcp', 'DELETE /mcp'])(
    '%s meets the authorizer and a usage plan',
    (wanted) => {
      expect(routes.find(({ route }) => route === wanted)?.method).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: expect.stringContaining('Authorizer') },
        ApiKeyRequired: true,
      });
    },
  );

  test('leave open only what comes before anybody has a token', () => {
    const open = routes
      .filter(({ method }) => method['AuthorizationType'] === 'NONE')
      .map(({ route }) => route);
    expect(open.sort()).toEqual(
      promised(false)
        .filter((route) => !/^(POST|GET|HEAD|DELETE) \/mcp$/.test(route))
        .sort(),
    );
  });

  test('stream /mcp for up to 15 minutes, and nothing else', () => {
    for (const { route, method } of routes) {
      const isMcp = route.endsWith(' /mcp');
      expect([
        route,
        method['Integration'].ResponseTransferMode,
        method['Integration'].TimeoutInMillis,
      ]).toEqual([route, isMcp ? 'STREAM' : undefined, isMcp ? 900_000 : 29_000]);
      expect(text(method['Integration'].Uri).endsWith('/response-streaming-invocations')).toBe(
        isMcp,
      );
    }
  });
});

describe('the API', () => {
  test('is regional, and takes keys from the authorizer alone', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi')).toMatchObject({
      ApiKeySourceType: 'AUTHORIZER',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test.each([
    ['domain', withDomain, true],
    ['stage', { urlMode: 'stage' }, false],
    ['cloudfront', {}, false],
  ])('in the mode %s, is its execute-api endpoint disabled: %s', (_, configuration, disabled) => {
    expect(
      only(synthesized(configuration), 'AWS::ApiGateway::RestApi')['DisableExecuteApiEndpoint'],
    ).toBe(disabled);
  });

  test('asks the authorizer about every request, and remembers nothing', () => {
    expect(only(template, 'AWS::ApiGateway::Authorizer')).toMatchObject({
      Type: 'REQUEST',
      IdentitySource: '',
      AuthorizerResultTtlInSeconds: 0,
    });
  });

  test('throttles each method', () => {
    const row = ({
      ratePerSecond,
      burst,
    }: {
      readonly ratePerSecond: number;
      readonly burst: number;
    }) => ({
      ThrottlingRateLimit: ratePerSecond,
      ThrottlingBurstLimit: burst,
      MetricsEnabled: false,
      LoggingLevel: 'OFF',
      DataTraceEnabled: false,
    });
    expect(only(template, 'AWS::ApiGateway::Stage')['MethodSettings']).toEqual([
      { HttpMethod: '*', ResourcePath: '/*', ...row(methodThrottles.default) },
      ...endpoints.mcp.methods.map((HttpMethod) => ({
        HttpMethod,
        ResourcePath: '/~1mcp',
        ...row(methodThrottles.mcp),
      })),
      { HttpMethod: 'POST', ResourcePath: '/~1register', ...row(methodThrottles.register) },
    ]);
  });

  test('logs every request without headers, query or anything else that a caller can write (LOG-3, LOG-5)', () => {
    const format = JSON.parse(only(template, 'AWS::ApiGateway::Stage')['AccessLogSetting'].Format);
    expect(Object.values(format).join(' ')).not.toMatch(
      /header|query|cookie|userAgent|\$context\.path|\$context\.protocol|input|stageVariables/i,
    );
    expect(format).toMatchObject({
      requestId: '$context.requestId',
      status: '$context.status',
      sourceIp: '$context.identity.sourceIp',
    });
  });

  test("never sets the account's logging role by a resource that overwrites it", () => {
    for (const cloudWatchRole of [true, false])
      synthesized({ ...withDomain, cloudWatchRole }).resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('logs nothing where the logging role is not wanted', () => {
    const silent = synthesized({ ...withDomain, cloudWatchRole: false });
    expect(only(silent, 'AWS::ApiGateway::Stage')).not.toHaveProperty('AccessLogSetting');
    silent.resourceCountIs('Custom::ApiGatewayLoggingRole', 0);
  });

  test('is named by its construct, so that two of a stack share no metric', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi')['Name']).toBe('Gatehouse-test-Gatehouse');
  });
});

describe('the custom domain', () => {
  test('maps its root to the stage, over TLS 1.2', () => {
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'mcp.example.com',
      SecurityPolicy: 'TLS_1_2',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    expect(only(template, 'AWS::ApiGateway::BasePathMapping')).not.toHaveProperty('BasePath');
  });

  test('gets DNS records where a hosted zone is given', () => {
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
    const zoned = synthesized({
      domain: { ...withDomain.domain, hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } },
    });
    expect(properties(zoned, 'AWS::Route53::RecordSet').map(({ Type }) => Type)).toEqual([
      'A',
      'AAAA',
    ]);
  });

  test('does not exist in the local runtime', () => {
    synthesized(withDomain, {}, inLocalRuntime(3000)).resourceCountIs(
      'AWS::ApiGateway::DomainName',
      0,
    );
  });
});

describe('the outputs', () => {
  test.each([
    ['domain', withDomain, /^https:\/\/mcp\.example\.com\/mcp$/],
    ['stage', { urlMode: 'stage' }, /\/prod\/mcp$/],
    ['cloudfront', {}, /^https:\/\/\$\{\w+\.DomainName\}\/mcp$/],
  ])('name one URL in the mode %s', (_, configuration, url) => {
    const outputs = synthesized(configuration).findOutputs('*');
    expect(text(outputs['McpUrl']?.['Value'])).toMatch(url);
    const urls = Object.values(outputs).filter(({ Value }) => /^https?:/.test(text(Value)));
    expect(urls).toHaveLength(1);
  });

  test('tell what a bare stage URL is not good for', () => {
    expect(synthesized({ urlMode: 'stage' }).findOutputs('Note')['Note']?.['Value']).toMatch(
      /recent Claude clients probe only the root of the host/,
    );
    expect(synthesized().findOutputs('Note')).toEqual({});
  });
});
