import { endpoints } from '../../../policy/endpoints.ts';
import { headerTable } from '../../../policy/headers.ts';
import {
  functionsBehind,
  functionsOf,
  isRecord,
  listIn,
  ofType,
  type Properties,
  type Resources,
  recordIn,
  referencesIn,
} from '../resources.ts';
import {
  type Evidence,
  eachOf,
  every,
  type Fact,
  fact,
  orAbsent,
  shown,
  variablesOf,
} from './fact.ts';

const method = 'AWS::ApiGateway::Method';
const response = 'AWS::ApiGateway::GatewayResponse';

/** Every way to the tools: the methods of the MCP endpoint, and whatever else leads to the function. */
const waysToTools = (resources: Resources) => {
  const part = endpoints.mcp.path.replace(/^\//, '');
  const ids = new Set(
    ofType(resources, 'AWS::ApiGateway::Resource')
      .filter(
        ([, { PathPart, ParentId }]) =>
          PathPart === part && JSON.stringify(ParentId).includes('RootResourceId'),
      )
      .map(([id]) => id),
  );
  return ofType(resources, method).filter(
    ([, { HttpMethod, ResourceId, Integration }]) =>
      HttpMethod !== 'OPTIONS' &&
      (referencesIn(ResourceId).some((id) => ids.has(id)) ||
        functionsBehind(Integration, resources).includes('mcp')),
  );
};

const decides = (resources: Resources, id: string): boolean => {
  const { Type, Properties = {} } = resources[id] ?? {};
  return (
    Type === 'AWS::ApiGateway::Authorizer' &&
    Properties['Type'] === 'REQUEST' &&
    Properties['AuthorizerResultTtlInSeconds'] === 0 &&
    functionsBehind(Properties['AuthorizerUri'], resources).includes('authorizer')
  );
};

const methodsAsk: Evidence = (resources) =>
  orAbsent(
    `methods of ${endpoints.mcp.path}`,
    waysToTools(resources).map(([id, { AuthorizationType, AuthorizerId }]) =>
      fact(
        id,
        'AuthorizationType',
        AuthorizationType,
        AuthorizationType === 'CUSTOM' &&
          referencesIn(AuthorizerId).some((authorizer) => decides(resources, authorizer)),
      ),
    ),
  );

const ownAddresses: Evidence = (resources) =>
  ofType(resources, 'AWS::Lambda::Url')
    .filter(
      ([, { TargetFunctionArn }]) =>
        functionsBehind(TargetFunctionArn, resources).length > 0 ||
        referencesIn(TargetFunctionArn).length === 0,
    )
    .map(([id]) => fact(id, 'AWS::Lambda::Url', 'past web ACL and authorizer', false));

const invokers: Evidence = (resources) =>
  ofType(resources, 'AWS::Lambda::Permission')
    .filter(([, { FunctionName }]) => functionsBehind(FunctionName, resources).length > 0)
    .map(([id, { Principal, SourceArn }]) =>
      fact(
        id,
        'Principal',
        `${shown(Principal)} for ${shown(SourceArn ?? undefined)}`,
        Principal !== '*' && Boolean(SourceArn),
      ),
    );

/** AUTH-1: nobody reaches a tool past the authorizer. */
export const authorized: Evidence = every(methodsAsk, ownAddresses, invokers);

/** RATE-8: each call counts in a usage plan, and the stage has a throttle of its own. */
export const throttled: Evidence = every(
  (resources) =>
    waysToTools(resources).map(([id, { ApiKeyRequired }]) =>
      fact(id, 'ApiKeyRequired', ApiKeyRequired, ApiKeyRequired === true),
    ),
  eachOf('AWS::ApiGateway::Stage', 'MethodSettings', (settings) =>
    [settings]
      .flat()
      .some(
        (setting) =>
          isRecord(setting) &&
          setting['ResourcePath'] === '/*' &&
          Number(setting['ThrottlingRateLimit']) > 0 &&
          Number(setting['ThrottlingBurstLimit']) > 0,
      ),
  ),
);

/** ERR-1: no stage writes bodies to its log. */
export const tracesNothing: Evidence = (resources) =>
  orAbsent(
    'MethodSettings of a stage',
    ofType(resources, 'AWS::ApiGateway::Stage').flatMap(([id, properties]) =>
      orAbsent(
        `${id}.MethodSettings`,
        listIn(properties, 'MethodSettings')
          .filter(isRecord)
          .map(({ ResourcePath, DataTraceEnabled }) =>
            fact(
              id,
              `MethodSettings.${shown(ResourcePath)}.DataTraceEnabled`,
              DataTraceEnabled,
              DataTraceEnabled === false,
            ),
          ),
      ),
    ),
  );

export const gatewayResponses =
  (types: readonly string[], property: string, holds: (value: unknown) => boolean): Evidence =>
  (resources) =>
    types.flatMap((type) =>
      orAbsent(
        `gateway response ${type}`,
        eachOf(response, property, holds, ({ ResponseType }) => ResponseType === type)(resources),
      ),
    );

const originHeader = 'gatewayresponse.header.access-control-allow-origin';

const originIn = (properties: Properties): unknown =>
  recordIn(properties, 'ResponseParameters')[originHeader];

/** CORS-1 and CORS-6: only what the authorizer has seen repeats an origin, and nothing names one. */
export const responsesAdmitNobody: Evidence = (resources) =>
  ofType(resources, response)
    .filter(([, properties]) => originIn(properties) !== undefined)
    .map(([id, properties]) =>
      fact(
        id,
        `${shown(properties['ResponseType'])} ${originHeader}`,
        originIn(properties),
        properties['ResponseType'] === 'UNAUTHORIZED' &&
          originIn(properties) === 'method.request.header.origin',
      ),
    );

export const isDevelopment = (resources: Resources): boolean =>
  functionsOf(resources).some(
    ([, , properties]) => variablesOf(properties)['ENVIRONMENT'] === 'development',
  );

const wantedHeader = (resources: Resources, name: string): string | undefined =>
  new Map(Object.entries(headerTable(isDevelopment(resources) ? 'development' : 'production'))).get(
    name,
  );

const onGatewayResponses =
  (name: string): Evidence =>
  (resources) =>
    orAbsent(
      'gateway responses',
      ofType(resources, response).map(([id, properties]) => {
        const key = `gatewayresponse.header.${name}`;
        const value = recordIn(properties, 'ResponseParameters')[key];
        return fact(id, key, value, value === `'${wantedHeader(resources, name)}'`);
      }),
    );

/** What a web ACL answers by itself. */
const onRefusals =
  (name: string): Evidence =>
  (resources) =>
    ofType(resources, 'AWS::WAFv2::WebACL').flatMap(([id, properties]) =>
      listIn(properties, 'Rules').flatMap((rule): readonly Fact[] => {
        const block = recordIn(recordIn(rule, 'Action'), 'Block');
        if (!isRecord(block['CustomResponse'])) return [];
        const header = listIn(block['CustomResponse'], 'ResponseHeaders').find(
          (each) => isRecord(each) && each['Name'] === name,
        );
        const { Name: ruleName } = isRecord(rule) ? rule : {};
        const { Value: value } = isRecord(header) ? header : {};
        const isRight = value === wantedHeader(resources, name);
        return [fact(id, `Rules.${shown(ruleName)}.${name}`, value, isRight)];
      }),
    );

/** CloudFront has names of its own for most of them. */
const edgeNames: Readonly<Record<string, string>> = {
  'x-content-type-options': 'ContentTypeOptions',
  'x-frame-options': 'FrameOptions',
  'x-xss-protection': 'XSSProtection',
  'strict-transport-security': 'StrictTransportSecurity',
  'referrer-policy': 'ReferrerPolicy',
  'content-security-policy': 'ContentSecurityPolicy',
};

const onEdge =
  (name: string): Evidence =>
  (resources) =>
    ofType(resources, 'AWS::CloudFront::Distribution').flatMap(([id, properties]) => {
      const { DefaultCacheBehavior: first, CacheBehaviors: more } = recordIn(
        properties,
        'DistributionConfig',
      );
      return [first, more]
        .flat()
        .filter(isRecord)
        .map(({ ResponseHeadersPolicyId }) => {
          const adds = referencesIn(ResponseHeadersPolicyId).some((policy) =>
            addsHeader(resources[policy]?.Properties, name),
          );
          return fact(id, `ResponseHeadersPolicyId (${name})`, ResponseHeadersPolicyId, adds);
        });
    });

const addsHeader = (policy: unknown, name: string): boolean => {
  const config = recordIn(policy, 'ResponseHeadersPolicyConfig');
  return (
    isRecord(recordIn(config, 'SecurityHeadersConfig')[edgeNames[name] ?? '']) ||
    listIn(recordIn(config, 'CustomHeadersConfig'), 'Items').some(
      (item) => isRecord(item) && item['Header'] === name,
    )
  );
};

/** F: a row of the header table, on whatever answers without a function of ours. */
export const headerEverywhere = (name: string): Evidence => {
  const lowerCase = name.toLowerCase();
  return every(onGatewayResponses(lowerCase), onRefusals(lowerCase), onEdge(lowerCase));
};
