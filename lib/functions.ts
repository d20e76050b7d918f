import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Fn, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClientProfile } from '../policy/clients.ts';
import { allowedOrigins } from '../policy/cors.ts';
import { edgeHeaders } from '../policy/edge.ts';
import { debugSampleRate, type FunctionName } from '../policy/functions.ts';
import { timeouts } from '../policy/limits.ts';
import type { Bundles, ToolPermission } from './bundle.ts';
import type { Environment } from './configuration.ts';
import { HandlerFunction, type Permission } from './handler-function.ts';
import type { Identity } from './identity.ts';
import type { PublicUrl } from './public-url.ts';

/** The functions that answer HTTP requests, and the authorizer. */
export type HttpFunctionName = Exclude<FunctionName, 'pre-token-generation'>;

interface May {
  readonly table: readonly string[];
  /** The items in reach, by their partition keys. */
  readonly keys: readonly string[];
  readonly userPool: readonly string[];
}

/**
 * What each function's role may do, beyond its own log and traces. A tool's grants, declared beside
 * the tool, come to `mcp`'s. The keys are what keeps a tool that was taken over from a client's
 * redirect URIs, which stand in the same table.
 */
export const functionPermissions = {
  authorizer: { table: [], keys: [], userPool: [] },
  metadata: { table: [], keys: [], userPool: [] },
  registration: { table: ['dynamodb:PutItem'], keys: ['client#*'], userPool: [] },
  authorization: {
    table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
    keys: ['client#*', 'document#*', 'transaction#*', 'code#*'],
    userPool: [],
  },
  // The app clients' secrets are read at init: they stand in no template, environment or log
  // (OAUTH-13).
  token: {
    table: ['dynamodb:UpdateItem'],
    keys: ['code#*', 'client#*', 'user#*'],
    userPool: ['cognito-idp:DescribeUserPoolClient'],
  },
  // The per-user limit: one conditional update a request (RATE-5).
  mcp: { table: ['dynamodb:UpdateItem'], keys: ['user#*'], userPool: [] },
  health: { table: [], keys: [], userPool: [] },
} as const satisfies Record<HttpFunctionName, May>;

const everyFunctionReads = ['ENVIRONMENT', 'ALLOWED_ORIGINS'] as const;

/** RATE-10: only a deployment with a proxy of its own declares one. */
const behindProxy = ({ mode }: PublicUrl) =>
  mode === 'cloudfront' ? (['TRUSTED_PROXY_HEADER'] as const) : [];

/** Which variables each function reads beside those: no function is given what it does not use. */
const variablesOf = {
  authorizer: [
    'RESOURCE_URL',
    'COGNITO_USER_POOL_ID',
    'COGNITO_REGION',
    'COGNITO_CLIENT_ID',
    'USAGE_PLAN_KEYS',
  ],
  metadata: [
    'ISSUER_URL',
    'RESOURCE_URL',
    'CLIENT_PROFILES',
    'COGNITO_USER_POOL_ID',
    'COGNITO_REGION',
  ],
  registration: ['CLIENT_PROFILES', 'TABLE_NAME'],
  authorization: [
    'ISSUER_URL',
    'RESOURCE_URL',
    'CLIENT_PROFILES',
    'COGNITO_CLIENT_ID',
    'COGNITO_DOMAIN',
    'TABLE_NAME',
  ],
  token: [
    'ISSUER_URL',
    'RESOURCE_URL',
    'CLIENT_PROFILES',
    'COGNITO_USER_POOL_ID',
    'COGNITO_REGION',
    'COGNITO_CLIENT_ID',
    'COGNITO_DOMAIN',
    'TABLE_NAME',
  ],
  mcp: [
    'RESOURCE_URL',
    'COGNITO_USER_POOL_ID',
    'COGNITO_REGION',
    'COGNITO_CLIENT_ID',
    'TABLE_NAME',
  ],
  health: ['COGNITO_USER_POOL_ID', 'COGNITO_REGION', 'TABLE_NAME'],
} as const satisfies Record<HttpFunctionName, readonly string[]>;

/** Access to Cognito's key set and a full answer of `/mcp`: see policy/limits. */
const timeoutSeconds = (name: HttpFunctionName) =>
  name === 'mcp'
    ? timeouts.streamSeconds
    : name === 'authorizer'
      ? timeouts.authorizerSeconds
      : timeouts.gatewaySeconds;

/** What every function is told about logging (LOG-1, LOG-2). */
const loggingVariables = (
  name: FunctionName,
  { environment, metricsNamespace }: FunctionsProps,
) => ({
  LOG_SENSITIVE_DATA: 'false',
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
  POWERTOOLS_LOG_LEVEL: environment === 'production' ? 'INFO' : 'DEBUG',
  POWERTOOLS_LOGGER_SAMPLE_RATE: String(debugSampleRate[environment]),
});

export interface FunctionsProps {
  /** Where this deployment's security events are counted. */
  readonly metricsNamespace: string;
  readonly environment: Environment;
  readonly bundles: Bundles;
  readonly profiles: readonly ClientProfile[];
  readonly allowedOrigins: readonly string[];
  readonly url: PublicUrl;
  readonly identity: Identity;
  readonly table: Table;
  readonly usagePlanKeys: Readonly<Record<string, string>>;
  readonly logKey: IKey;
}

export class Functions extends Construct {
  readonly byName: Readonly<Record<HttpFunctionName, HandlerFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const values = variables(this, props);
    const make = (name: HttpFunctionName) =>
      new HandlerFunction(this, name, {
        name,
        environment: props.environment,
        code: props.bundles.code[name],
        timeoutSeconds: timeoutSeconds(name),
        variables: {
          ...Object.fromEntries(
            [...everyFunctionReads, ...behindProxy(props.url), ...variablesOf[name]].map(
              (variable) => [variable, values[variable]],
            ),
          ),
          ...loggingVariables(name, props),
        },
        grants: grantsOf(name, props),
        logKey: props.logKey,
      });
    this.byName = {
      authorizer: make('authorizer'),
      metadata: make('metadata'),
      registration: make('registration'),
      authorization: make('authorization'),
      token: make('token'),
      mcp: make('mcp'),
      health: make('health'),
    };
  }
}

const grantsOf = (
  name: HttpFunctionName,
  { table, identity, bundles }: FunctionsProps,
): readonly Permission[] => {
  const may = functionPermissions[name];
  const own: readonly Permission[] = [
    { actions: may.table, resource: table.tableArn, leadingKeys: may.keys },
    { actions: may.userPool, resource: identity.userPool.userPoolArn },
  ];
  const tools =
    name === 'mcp' ? bundles.manifest.grants.map((grant) => toolGrant(grant, table)) : [];
  return [...own.filter(({ actions }) => actions.length > 0), ...tools];
};

const toolGrant = (
  { actions, resource, leadingKeys }: ToolPermission,
  table: Table,
): Permission => ({
  actions,
  // A tool's file cannot know where it will be deployed.
  resource:
    resource === 'table'
      ? table.tableArn
      : resource.includes('${AWS::')
        ? Fn.sub(resource)
        : resource,
  ...(leadingKeys && { leadingKeys }),
});

const variables = (
  scope: Construct,
  { environment, profiles, url, identity, table, usagePlanKeys, ...props }: FunctionsProps,
) => {
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
    COGNITO_DOMAIN: identity.domainUrl,
    CLIENT_PROFILES: JSON.stringify(profiles.map(profileForFunctions)),
    // Identifiers, not secrets: the gateway takes a key from the authorizer alone, never from a
    // client (CONF-4).
    USAGE_PLAN_KEYS: pairs(usagePlanKeys),
    TABLE_NAME: table.tableName,
    TRUSTED_PROXY_HEADER: edgeHeaders.viewerAddress,
    ALLOWED_ORIGINS: [...new Set(origins)].join(','),
  };
};

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
  scopes,
  grantsEmail,
}: ClientProfile) => ({
  name,
  title,
  redirectUris,
  redirectHosts,
  loopback,
  metadataDocumentHosts,
  scopes,
  grantsEmail,
});
