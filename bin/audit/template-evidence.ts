import { trailSubjects } from '../../policy/audit-trail.ts';
import { loginLogPrefix } from '../../policy/identity.ts';
import { securityEvents } from '../../policy/security-events.ts';
import {
  type Evidence,
  each,
  every,
  type Fact,
  fact,
  orAbsent,
  variable,
} from './evidence/fact.ts';
import { addressLimit, refusesWithStatus, standsBeforeStages } from './evidence/firewall.ts';
import {
  authorized,
  gatewayResponses,
  headerEverywhere,
  isDevelopment,
  responsesAdmitNobody,
  throttled,
  tracesNothing,
} from './evidence/gateway.ts';
import {
  areCallbacks,
  areClients,
  clients,
  clientsOfPeople,
  isPoolOfClients,
  isResource,
  isShortLived,
  onlyFlow,
} from './evidence/identity.ts';
import { noSecret, provenProxy, strictPosture } from './evidence/posture.ts';
import { monitored } from './monitored-events.ts';
import {
  functionsOf,
  listIn,
  ofType,
  type Resources,
  recordIn,
  referencesIn,
} from './resources.ts';

export type { Fact } from './evidence/fact.ts';

const alarmFigures = new Map<string, { readonly alarm: number }>(Object.entries(securityEvents));

const isThere = (action: unknown, resources: Resources): boolean =>
  typeof action === 'string' || referencesIn(action).every((id) => id in resources);

const alarms: Evidence = (resources) => {
  const watching = ofType(resources, 'AWS::CloudWatch::Alarm');
  return monitored.flatMap((event) => {
    const found = watching.filter(([, { AlarmDescription }]) =>
      String(AlarmDescription).startsWith(`Gatehouse ${event}:`),
    );
    return orAbsent(
      `alarm on ${event}`,
      found.map(([id, { AlarmActions, ActionsEnabled, Threshold }]) => {
        const actions = listIn({ AlarmActions }, 'AlarmActions');
        const most = alarmFigures.get(event)?.alarm ?? Number.POSITIVE_INFINITY;
        const isOn = ActionsEnabled !== false && !(Number(Threshold) > most);
        return fact(
          id,
          `alarm on ${event}`,
          isOn
            ? (AlarmActions ?? 'tells nobody')
            : `at ${Threshold}, switched ${ActionsEnabled === false ? 'off' : 'on'}`,
          isOn && actions.length > 0 && actions.every((action) => isThere(action, resources)),
        );
      }),
    );
  });
};

const ownLogGroups: Evidence = (resources) =>
  functionsOf(resources).map(([, id, properties]) => {
    const { LogGroup: group } = recordIn(properties, 'LoggingConfig');
    return fact(id, 'LoggingConfig.LogGroup', group, group !== undefined);
  });

const accessLogHides = (format: unknown): boolean =>
  typeof format === 'string' &&
  !/authorization|cookie|querystring/i.test(format.replace(/authorizer/gi, ''));

/** CORS-2: by TLS, but for this computer's own in development. */
const areEncrypted = (origins: unknown, resources: Resources): boolean =>
  typeof origins === 'string' &&
  origins
    .split(',')
    .every(
      (origin) =>
        origin.startsWith('https://') ||
        origin === '' ||
        (isDevelopment(resources) && /^http:\/\/localhost(?::\d+)?$/.test(origin)),
    );

/** What the template has to show, by control. The others are a handler's alone. */
const evidenceOf: Readonly<Record<string, Evidence>> = {
  'AUTH-1': authorized,
  'AUTH-2': variable('COGNITO_USER_POOL_ID', isPoolOfClients, ['authorizer', 'mcp']),
  'AUTH-5': variable('COGNITO_CLIENT_ID', areClients, ['authorizer', 'mcp']),
  'AUTH-6': variable('RESOURCE_URL', isResource, ['authorizer', 'mcp']),
  'AUTH-9': gatewayResponses(['UNAUTHORIZED', 'ACCESS_DENIED'], 'ResponseParameters', (value) =>
    JSON.stringify(value).includes('resource_metadata'),
  ),
  'OAUTH-3': clients('AllowedOAuthFlows', onlyFlow),
  'OAUTH-6': clients('AccessTokenValidity', isShortLived),
  'OAUTH-7': clientsOfPeople('CallbackURLs', areCallbacks),
  'OAUTH-8': clientsOfPeople(
    'ExplicitAuthFlows',
    (flows) => !JSON.stringify(flows ?? '').includes('PASSWORD_AUTH'),
  ),
  'OAUTH-13': every(
    clients('EnableTokenRevocation', (value) => value === true),
    clients('GenerateSecret', (value) => value === true),
    clients(
      'RefreshTokenRotation.Feature',
      (value, { AllowedOAuthFlows }) =>
        value === 'ENABLED' || JSON.stringify(AllowedOAuthFlows) === '["client_credentials"]',
    ),
    clients('PreventUserExistenceErrors', (value) => value === 'ENABLED'),
  ),
  'RATE-1': every(standsBeforeStages, addressLimit('RATE-1')),
  'RATE-2': addressLimit('RATE-2'),
  'RATE-3': addressLimit('RATE-3'),
  'RATE-4': addressLimit('RATE-4'),
  'RATE-6': addressLimit('RATE-6'),
  'RATE-8': every(
    throttled,
    each('AWS::ApiGateway::UsagePlan', 'Throttle.RateLimit', (value) => Number(value) > 0),
    each('AWS::ApiGateway::RestApi', 'ApiKeySourceType', (value) => value === 'AUTHORIZER'),
  ),
  'RATE-9': every(
    gatewayResponses(['THROTTLED', 'QUOTA_EXCEEDED'], 'StatusCode', (value) => value === '429'),
    refusesWithStatus,
  ),
  'RATE-10': provenProxy,
  'CONF-1': variable('COGNITO_REGION', (value) => value !== undefined, [
    'authorizer',
    'mcp',
    'token',
  ]),
  'CONF-4': noSecret,
  'CONF-5': strictPosture,
  'CORS-1': every(
    variable('ALLOWED_ORIGINS', (value) => typeof value === 'string' && !value.includes('*')),
    responsesAdmitNobody,
  ),
  'CORS-2': variable('ALLOWED_ORIGINS', areEncrypted),
  'CORS-6': every(
    each(
      'AWS::ApiGateway::Method',
      'Integration.Type',
      (value) => value === 'AWS_PROXY',
      ({ HttpMethod }) => HttpMethod === 'OPTIONS',
    ),
    responsesAdmitNobody,
  ),
  'ERR-1': tracesNothing,
  'LOG-1': every(
    each(
      'AWS::Lambda::Function',
      'LoggingConfig.LogFormat',
      (value) => value === 'JSON',
      ({ Description }) => String(Description).startsWith('Gatehouse '),
    ),
    ownLogGroups,
    variable(
      'POWERTOOLS_LOG_LEVEL',
      (value, resources) => value !== 'DEBUG' || isDevelopment(resources),
    ),
    each('AWS::Logs::LogGroup', 'RetentionInDays', (value) => Number(value) > 0),
    each(
      'AWS::Logs::LogGroup',
      'KmsKeyId',
      (value) => Boolean(value),
      // Cognito exports to no log group under a key of the account.
      ({ LogGroupName }) => !JSON.stringify(LogGroupName ?? '').includes(loginLogPrefix),
    ),
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
  (section === 'Response headers' ? headerEverywhere(id) : evidenceOf[id])?.(resources) ?? [];
