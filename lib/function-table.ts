import type { HttpFunctionName } from '../policy/functions.ts';
import { timeouts } from '../policy/limits.ts';

/** One action on the items of one kind. */
export interface ItemPermission {
  readonly action: `dynamodb:${string}`;
  /** Partition keys in reach, such as `client#*`. */
  readonly key: string;
  /** Attributes that a request may name, in its conditions too. @default all */
  readonly attributes?: readonly string[];
}

/** A function's row: what its role allows, what it is told, and how long it may run. */
export interface FunctionRow {
  readonly timeoutSeconds: number;
  /** What it does with the one table: a statement of the role for each. */
  readonly table: readonly ItemPermission[];
  /** Actions on the user pool. */
  readonly userPool: readonly string[];
  /** Environment variables beside those of every function: none that its code does not read. */
  readonly variables: readonly string[];
}

/** Variables that every HTTP function reads. */
export const everyFunctionReads = ['ENVIRONMENT', 'ALLOWED_ORIGINS'] as const;

/**
 * Variables that grow with the configuration travel in the bundle: an environment holds 4 KB. None
 * of them holds a reference or a secret.
 */
export const bundledVariables: readonly string[] = [
  'BRAND',
  'CLIENT_PROFILES',
  'LOGIN_DOMAINS',
  'MACHINES',
  'USAGE_PLAN_KEYS',
  'USER_LIMITS',
];

/** What functions are told of machines, where there are any. */
export const machineVariables = {
  authorizer: ['COGNITO_MACHINE_ID', 'MACHINES'],
  metadata: ['MACHINES'],
  registration: [],
  authorization: [],
  token: ['COGNITO_MACHINE_ID', 'MACHINES'],
  mcp: ['COGNITO_MACHINE_ID', 'MACHINES'],
  health: [],
} as const satisfies Record<HttpFunctionName, readonly string[]>;

const none = { table: [], userPool: [] } as const;

const items = (key: string, ...verbs: readonly ('Get' | 'Put' | 'Update' | 'Delete')[]) =>
  verbs.map((verb): ItemPermission => ({ action: `dynamodb:${verb}Item`, key }));

const updates = (key: string, attributes: readonly string[]): ItemPermission => ({
  action: 'dynamodb:UpdateItem',
  key,
  attributes,
});

/**
 * What each function's role allows, beyond its own log and traces: pairs of an action and a key,
 * nothing multiplied out. A tool's permissions, declared beside the tool, come to `mcp`'s. The keys
 * are what keeps a tool that was taken over from a client's redirect URIs, which stand in the same
 * table.
 */
export const functionTable = {
  authorizer: {
    ...none,
    timeoutSeconds: timeouts.authorizerSeconds,
    variables: [
      'AUDIT_SUBJECT',
      'RESOURCE_URL',
      'COGNITO_USER_POOL_ID',
      'COGNITO_REGION',
      'COGNITO_CLIENT_ID',
      'USAGE_PLAN_KEYS',
      'USAGE_PLAN_SHARE_KEY',
    ],
  },
  metadata: {
    ...none,
    timeoutSeconds: timeouts.gatewaySeconds,
    variables: [
      'ISSUER_URL',
      'RESOURCE_URL',
      'CLIENT_PROFILES',
      'BRAND',
      'COGNITO_USER_POOL_ID',
      'COGNITO_REGION',
    ],
  },
  registration: {
    timeoutSeconds: timeouts.gatewaySeconds,
    table: items('client#*', 'Put'),
    userPool: [],
    variables: ['CLIENT_PROFILES', 'TABLE_NAME'],
  },
  authorization: {
    timeoutSeconds: timeouts.gatewaySeconds,
    table: [
      ...items('client#*', 'Get'),
      ...items('document#*', 'Get', 'Put'),
      ...items('fetches#*', 'Update'),
      ...items('approval#*', 'Get', 'Put', 'Delete'),
      ...items('transaction#*', 'Put', 'Delete'),
      ...items('code#*', 'Put'),
    ],
    userPool: [],
    variables: [
      'ISSUER_URL',
      'RESOURCE_URL',
      'CLIENT_PROFILES',
      'BRAND',
      'COGNITO_CLIENT_ID',
      'COGNITO_DOMAIN',
      'LOGIN_DOMAINS',
      'TABLE_NAME',
    ],
  },
  // The app clients' secrets are read when they are needed: they stand in no template, environment
  // or log (OAUTH-13).
  token: {
    timeoutSeconds: timeouts.gatewaySeconds,
    table: [
      updates('code#*', [
        'pk',
        'claimed',
        'unanswered',
        // Compared and not changed; IAM does not tell the two apart.
        'validUntil',
        'clientId',
        'redirectUri',
        'resource',
        'codeChallenge',
      ]),
      ...items('client#*', 'Get'),
      updates('client#*', ['pk', 'expiresAt']),
      ...items('user#*', 'Get'),
      // Of a user's item: the grants, and what ended them; no counter.
      updates('user#*', ['pk', 'expiresAt', 'blocked', 'notBefore', 'grant-*', 'ended-*']),
    ],
    userPool: ['cognito-idp:DescribeUserPoolClient'],
    variables: [
      'AUDIT_SUBJECT',
      'ISSUER_URL',
      'RESOURCE_URL',
      'CLIENT_PROFILES',
      'COGNITO_USER_POOL_ID',
      'COGNITO_REGION',
      'COGNITO_CLIENT_ID',
      'COGNITO_DOMAIN',
      'TABLE_NAME',
    ],
  },
  // The per-user limit: one conditional update a request (RATE-5).
  mcp: {
    timeoutSeconds: timeouts.streamSeconds,
    table: items('user#*', 'Update'),
    userPool: [],
    variables: [
      'AUDIT_SUBJECT',
      'AUDIT_HASH_KEY',
      'AUDIT_TOOL_METRICS',
      'RESOURCE_URL',
      'COGNITO_USER_POOL_ID',
      'COGNITO_REGION',
      'COGNITO_CLIENT_ID',
      'TABLE_NAME',
      'USER_LIMITS',
    ],
  },
  health: {
    ...none,
    timeoutSeconds: timeouts.gatewaySeconds,
    variables: ['COGNITO_USER_POOL_ID', 'COGNITO_REGION', 'TABLE_NAME'],
  },
} as const satisfies Record<HttpFunctionName, FunctionRow>;
