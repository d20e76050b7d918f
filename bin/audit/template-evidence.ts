import { trailSubjects } from '../../policy/audit-trail.ts';
import { endpoints } from '../../policy/endpoints.ts';
import { functionNames, isHttpFunction } from '../../policy/functions.ts';
import { headerTable } from '../../policy/headers.ts';
import { addressLimits } from '../../policy/limits.ts';
import { monitored } from './monitored-events.ts';
import {
  functionsOf,
  isRecord,
  listIn,
  ofType,
  type Properties,
  type Resources,
  recordIn,
  referencesIn,
} from './resources.ts';

/** Something in the template that shows a control, or that it does not hold. */
export interface Fact {
  /** Logical id. */
  readonly resource: string;
  readonly property: string;
  readonly value: string;
  readonly holds: boolean;
}

type Evidence = (resources: Resources) => readonly Fact[];

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent')).slice(0, 300);

const fact = (resource: string, property: string, value: unknown, holds: boolean): Fact => ({
  resource,
  property,
  value: shown(value),
  holds,
});

/** One fact for each resource of a type. A template without any has lost the control. */
const each =
  (
    type: string,
    property: string,
    holds: (value: unknown, properties: Properties) => boolean,
    isMeant: (properties: Properties, resources: Resources) => boolean = () => true,
  ): Evidence =>
  (resources) => {
    const facts = ofType(resources, type)
      .filter(([, properties]) => isMeant(properties, resources))
      .map(([id, properties]) =>
        fact(
          id,
          property,
          valueAt(properties, property),
          holds(valueAt(properties, property), properties),
        ),
      );
    return facts.length > 0 ? facts : [fact('(none)', `${type}.${property}`, 'absent', false)];
  };

const valueAt = (properties: Properties, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), properties);

/** What only Cognito or CloudFormation calls reads other variables. */
const httpFunctions: ReadonlySet<string> = new Set(functionNames.filter(isHttpFunction));

/** One fact for each function that answers requests and has the variable. */
const variable =
  (name: string, holds: (value: unknown) => boolean, functions?: readonly string[]): Evidence =>
  (resources) =>
    [...functionsOf(resources)]
      .filter(([of]) => httpFunctions.has(of) && (functions?.includes(of) ?? true))
      .map(([, [id, properties]]) => {
        const value = recordIn(recordIn(properties, 'Environment'), 'Variables')[name];
        return fact(id, `Environment.Variables.${name}`, value, holds(value));
      });

const methodsOf = (resources: Resources, path: string) => {
  const part = path.replace(/^\//, '');
  const ids = new Set(
    ofType(resources, 'AWS::ApiGateway::Resource')
      .filter(
        ([, { PathPart, ParentId }]) =>
          PathPart === part && JSON.stringify(ParentId).includes('RootResourceId'),
      )
      .map(([id]) => id),
  );
  return ofType(resources, 'AWS::ApiGateway::Method').filter(([, { ResourceId }]) =>
    referencesIn(ResourceId).some((id) => ids.has(id)),
  );
};

const authorized: Evidence = (resources) => {
  const authorizers = new Map(ofType(resources, 'AWS::ApiGateway::Authorizer'));
  const methods = methodsOf(resources, endpoints.mcp.path).filter(
    ([, { HttpMethod }]) => HttpMethod !== 'OPTIONS',
  );
  const facts = methods.map(([id, { AuthorizationType, AuthorizerId }]) =>
    fact(
      id,
      'AuthorizationType',
      AuthorizationType,
      AuthorizationType === 'CUSTOM' &&
        referencesIn(AuthorizerId).some(
          (authorizer) => authorizers.get(authorizer)?.['AuthorizerResultTtlInSeconds'] === 0,
        ),
    ),
  );
  return facts.length > 0 ? facts : [fact('(none)', 'methods of /mcp', 'absent', false)];
};

const clients = (
  property: string,
  holds: (value: unknown, properties: Properties) => boolean,
): Evidence => each('AWS::Cognito::UserPoolClient', property, holds);

const onlyFlow = (flows: unknown): boolean =>
  Array.isArray(flows) &&
  flows.length === 1 &&
  (flows[0] === 'code' || flows[0] === 'client_credentials');

const rulesOnStage = (resources: Resources) => {
  const associated = ofType(resources, 'AWS::WAFv2::WebACLAssociation')
    .filter(([, { ResourceArn }]) => JSON.stringify(ResourceArn).includes('/stages/'))
    .flatMap(([, { WebACLArn }]) => referencesIn(WebACLArn));
  return ofType(resources, 'AWS::WAFv2::WebACL')
    .filter(([id]) => associated.includes(id))
    .flatMap(([id, properties]) =>
      listIn(properties, 'Rules')
        .filter(isRecord)
        .map((rule) => [id, rule] as const),
    );
};

/** The limit's rule is on the stage, with the policy's figures. A limit that another implies has none. */
const addressLimit =
  (id: string): Evidence =>
  (resources) => {
    const rules = rulesOnStage(resources);
    return addressLimits
      .filter((limit) => limit.id === id && !('developmentOnly' in limit))
      .map(({ name, requests, perSeconds }) => {
        const [acl, rule] = rules.find(([, { Name }]) => Name === name) ?? [];
        const rate = recordIn(recordIn(rule, 'Statement'), 'RateBasedStatement');
        const { Limit: limit, EvaluationWindowSec: window } = rate;
        // A wider one that is as strict stands for it.
        const isImplied =
          rule === undefined &&
          addressLimits.some(
            (other) =>
              other.name !== name &&
              other.counts === 'everything' &&
              other.requests / other.perSeconds <= requests / perSeconds,
          );
        return fact(
          acl ?? '(web ACL of the stage)',
          `Rules.${name}`,
          isImplied ? 'implied by a rule for everything' : `${shown(limit)} in ${shown(window)} s`,
          isImplied || (limit === requests && window === perSeconds),
        );
      });
  };

const gatewayResponses = (
  types: readonly string[],
  property: string,
  holds: (value: unknown) => boolean,
): Evidence =>
  each(
    'AWS::ApiGateway::GatewayResponse',
    property,
    holds,
    ({ ResponseType }) => types.length === 0 || types.includes(String(ResponseType)),
  );

const environmentOf = (resources: Resources): 'production' | 'development' => {
  const [, properties] = functionsOf(resources).get('mcp') ?? [];
  const variables = recordIn(recordIn(properties, 'Environment'), 'Variables');
  return variables['ENVIRONMENT'] === 'development' ? 'development' : 'production';
};

const headerOnGatewayResponses =
  (name: string): Evidence =>
  (resources) => {
    const wanted = new Map(Object.entries(headerTable(environmentOf(resources))));
    return ofType(resources, 'AWS::ApiGateway::GatewayResponse').map(([id, properties]) => {
      const key = `gatewayresponse.header.${name.toLowerCase()}`;
      const value = recordIn(properties, 'ResponseParameters')[key];
      return fact(id, key, value, value === `'${wanted.get(name.toLowerCase())}'`);
    });
  };

const secret = /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|"client_secret":"(?!\{\{resolve:)/;

const noSecret: Evidence = (resources) => {
  const found = Object.entries(resources).filter(([, { Properties }]) =>
    secret.test(JSON.stringify(Properties)),
  );
  return found.length > 0
    ? found.map(([id]) => fact(id, 'Properties', 'looks like a secret', false))
    : [fact('(every resource)', 'Properties', 'nothing looks like a secret', true)];
};

const alarms: Evidence = (resources) => {
  const watching = ofType(resources, 'AWS::CloudWatch::Alarm');
  return monitored.map((event) => {
    const [id, properties] =
      watching.find(([, { AlarmDescription }]) =>
        String(AlarmDescription).startsWith(`Gatehouse ${event}:`),
      ) ?? [];
    return fact(
      id ?? '(none)',
      `alarm on ${event}`,
      properties?.['AlarmActions'] ?? 'absent',
      listIn(properties, 'AlarmActions').length > 0,
    );
  });
};

const every =
  (...all: readonly Evidence[]): Evidence =>
  (resources) =>
    all.flatMap((evidence) => evidence(resources));

const accessLogHides = (format: unknown): boolean =>
  typeof format === 'string' &&
  !/authorization|cookie|querystring/i.test(format.replace(/authorizer/gi, ''));

/** What the template has to show, by control. The others are a handler's alone. */
const evidenceOf: Readonly<Record<string, Evidence>> = {
  'AUTH-1': authorized,
  'AUTH-2': variable('COGNITO_USER_POOL_ID', (value) => value !== undefined, ['authorizer', 'mcp']),
  'AUTH-5': variable('COGNITO_CLIENT_ID', (value) => value !== undefined, ['authorizer', 'mcp']),
  'AUTH-6': variable('RESOURCE_URL', (value) => value !== undefined, ['authorizer', 'mcp']),
  'AUTH-9': gatewayResponses(['UNAUTHORIZED', 'ACCESS_DENIED'], 'ResponseParameters', (value) =>
    JSON.stringify(value).includes('resource_metadata'),
  ),
  'OAUTH-3': clients('AllowedOAuthFlows', onlyFlow),
  'OAUTH-13': every(
    clients('GenerateSecret', (value) => value === true),
    clients(
      'RefreshTokenRotation.Feature',
      (value, { AllowedOAuthFlows }) =>
        value === 'ENABLED' || JSON.stringify(AllowedOAuthFlows) === '["client_credentials"]',
    ),
    clients('PreventUserExistenceErrors', (value) => value === 'ENABLED'),
  ),
  'RATE-1': addressLimit('RATE-1'),
  'RATE-2': addressLimit('RATE-2'),
  'RATE-3': addressLimit('RATE-3'),
  'RATE-4': addressLimit('RATE-4'),
  'RATE-6': addressLimit('RATE-6'),
  'RATE-8': every(
    each('AWS::ApiGateway::UsagePlan', 'Throttle.RateLimit', (value) => Number(value) > 0),
    each('AWS::ApiGateway::RestApi', 'ApiKeySourceType', (value) => value === 'AUTHORIZER'),
  ),
  'RATE-9': gatewayResponses(
    ['THROTTLED', 'QUOTA_EXCEEDED'],
    'StatusCode',
    (value) => value === '429',
  ),
  'CONF-1': variable('COGNITO_REGION', (value) => value !== undefined, [
    'authorizer',
    'mcp',
    'token',
  ]),
  'CONF-4': noSecret,
  'CONF-5': every(
    each(
      'AWS::DynamoDB::Table',
      'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled',
      (value) => value === true,
      ({ KeySchema }) => JSON.stringify(KeySchema).includes('"pk"'),
    ),
  ),
  'CORS-1': variable(
    'ALLOWED_ORIGINS',
    (value) => typeof value === 'string' && !value.includes('*'),
  ),
  'CORS-2': variable(
    'ALLOWED_ORIGINS',
    (value) => typeof value === 'string' && !value.includes('http://'),
  ),
  'CORS-6': each(
    'AWS::ApiGateway::Method',
    'Integration.Type',
    (value) => value === 'AWS_PROXY',
    ({ HttpMethod }) => HttpMethod === 'OPTIONS',
  ),
  'ERR-1': (resources) =>
    ofType(resources, 'AWS::ApiGateway::Stage').flatMap(([id, properties]) =>
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
  'LOG-1': every(
    each('AWS::Lambda::Function', 'LoggingConfig.LogFormat', (value) => value === 'JSON'),
    each('AWS::Logs::LogGroup', 'RetentionInDays', (value) => Number(value) > 0),
    each('AWS::Logs::LogGroup', 'KmsKeyId', (value) => Boolean(value)),
  ),
  'LOG-2': variable('LOG_SENSITIVE_DATA', (value) => value === 'false'),
  'LOG-5': every(
    each('AWS::ApiGateway::Stage', 'AccessLogSetting.Format', accessLogHides),
    each('AWS::WAFv2::LoggingConfiguration', 'RedactedFields', (value) =>
      ['authorization', 'cookie', 'QueryString'].every((part) =>
        JSON.stringify(value ?? '').includes(part),
      ),
    ),
  ),
  'LOG-6': every(
    each('AWS::Logs::SubscriptionFilter', 'FilterPattern', (value) =>
      String(value).includes('$.trail'),
    ),
    variable('AUDIT_SUBJECT', (value) => trailSubjects.some((subject) => subject === value), [
      'authorizer',
      'token',
      'mcp',
    ]),
  ),
  'MON-1': variable('POWERTOOLS_METRICS_NAMESPACE', (value) => value !== undefined, [
    'authorizer',
    'token',
    'mcp',
  ]),
  'MON-2': alarms,
  'MON-3': each('AWS::CloudWatch::Dashboard', 'DashboardBody', (value) => value !== undefined),
  'MON-4': each('AWS::Logs::QueryDefinition', 'QueryString', (value) => value !== undefined),
  'MON-5': each('AWS::CloudWatch::Alarm', 'AlarmDescription', (value) =>
    String(value).includes('docs/runbook.md#'),
  ),
};

/** What the template shows of a control; nothing where a handler alone enforces it. */
export const templateFacts = (
  { id, section }: { readonly id: string; readonly section: string },
  resources: Resources,
): readonly Fact[] =>
  (section === 'Response headers' ? headerOnGatewayResponses(id) : evidenceOf[id])?.(resources) ??
  [];
