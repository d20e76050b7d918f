import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClientProfile } from '../policy/clients.ts';
import { allowedOrigins } from '../policy/cors.ts';
import type { Environment } from '../policy/deployment.ts';
import { edgeHeaders } from '../policy/edge.ts';
import { debugSampleRate, type FunctionName } from '../policy/functions.ts';
import type { UserLimits } from '../policy/limits.ts';
import type { Machine } from '../policy/machines.ts';
import type { PageBrand } from '../policy/pages.ts';
import type { Configuration } from './configuration.ts';
import type { Identity } from './identity/identity.ts';
import type { PublicUrl } from './public-url.ts';
import { recordOf } from './record-of.ts';
import type { UsagePlanKeys } from './usage-plans.ts';

export interface VariablesProps {
  readonly environment: Environment;
  readonly profiles: readonly ClientProfile[];
  readonly machines: readonly Machine[];
  readonly allowedOrigins: readonly string[];
  readonly url: PublicUrl;
  readonly identity: Identity;
  readonly table: Table;
  readonly usagePlanKeys: UsagePlanKeys;
  readonly brand: PageBrand | undefined;
  readonly userLimits: UserLimits;
  readonly audit: Configuration['audit'];
}

/** The value of every environment variable; each function is given those of its row. */
export const functionVariables = (scope: Construct, props: VariablesProps) => {
  const { environment, profiles, url, identity, table, usagePlanKeys } = props;
  const { byProfile } = usagePlanKeys;
  const origins = [
    ...allowedOrigins.production,
    ...props.allowedOrigins,
    ...(environment === 'development' ? allowedOrigins.development : []),
  ];
  return {
    ENVIRONMENT: environment,
    ISSUER_URL: url.issuer,
    RESOURCE_URL: url.resource,
    COGNITO_USER_POOL_ID: identity.userPool.userPoolId,
    COGNITO_REGION: Stack.of(scope).region,
    COGNITO_CLIENT_ID: pairs(identity.clientIds),
    COGNITO_MACHINE_ID: pairs(identity.machineIds),
    MACHINES: JSON.stringify(props.machines),
    COGNITO_DOMAIN: identity.domainUrl,
    LOGIN_DOMAINS: identity.loginDomains.join(','),
    CLIENT_PROFILES: JSON.stringify(profiles.map(profileForFunctions)),
    // Identifiers, not secrets: the gateway takes a key from the authorizer alone, never from a
    // client (CONF-4).
    USAGE_PLAN_KEYS: pairs(
      recordOf(Object.keys(byProfile), (name) =>
        (byProfile[name] ?? []).map(({ value }) => value).join(':'),
      ),
    ),
    USAGE_PLAN_SHARE_KEY: usagePlanKeys.shareKey,
    AUDIT_SUBJECT: props.audit.subject,
    // What no log holds, and no reader of the trail has; no secret to whoever may read functions.
    AUDIT_HASH_KEY: usagePlanKeys.shareKey,
    AUDIT_TOOL_METRICS: String(props.audit.toolMetrics),
    TABLE_NAME: table.tableName,
    TRUSTED_PROXY_HEADER: edgeHeaders.viewerAddress,
    USER_LIMITS: JSON.stringify(props.userLimits),
    BRAND: JSON.stringify(props.brand ?? null),
    ALLOWED_ORIGINS: [...new Set(origins)].join(','),
  };
};

export interface LoggingProps {
  readonly environment: Environment;
  readonly metricsNamespace: string;
}

/** What every function is told about logging (LOG-1, LOG-2). */
export const loggingVariables = (
  name: FunctionName,
  { environment, metricsNamespace }: LoggingProps,
) => ({
  LOG_SENSITIVE_DATA: 'false',
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
  POWERTOOLS_LOG_LEVEL: environment === 'production' ? 'INFO' : 'DEBUG',
  POWERTOOLS_LOGGER_SAMPLE_RATE: String(debugSampleRate[environment]),
});

const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

/**
 * What the functions need of a profile; lifetimes, throttles and egress are the infrastructure's.
 */
const profileForFunctions = ({
  name,
  title,
  redirectUris,
  redirectHosts,
  loopback,
  metadataDocumentHosts,
  anyDocumentHost,
  scopes,
  refreshTokenDays,
  grantsEmail,
}: ClientProfile) => ({
  name,
  title,
  redirectUris,
  redirectHosts,
  loopback,
  metadataDocumentHosts,
  anyDocumentHost,
  scopes,
  refreshTokenDays,
  grantsEmail,
});
