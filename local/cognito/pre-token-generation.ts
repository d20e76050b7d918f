import * as z from 'zod';
import type { AppClient } from './app-client.ts';
import type { Person } from './users.ts';

/**
 * The pre-token-generation trigger's event, version 2.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export interface PreTokenGenerationEvent {
  readonly version: '2';
  readonly triggerSource: 'TokenGeneration_HostedAuth' | 'TokenGeneration_RefreshTokens';
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly groupConfiguration: {
      readonly groupsToOverride: readonly string[];
      readonly iamRolesToOverride: readonly string[];
      readonly preferredRole: null;
    };
    readonly scopes: readonly string[];
  };
  readonly response: { readonly claimsAndScopeOverrideDetails: null };
}

/** Calls the function and gives back what it returned, unchecked. */
export type PreTokenGeneration = (event: PreTokenGenerationEvent) => Promise<unknown>;

/** What a trigger asks for one kind of token. */
export const tokenOverrides = z.object({
  claimsToAddOrOverride: z.record(z.string(), z.unknown()).nullish(),
  claimsToSuppress: z.array(z.string()).nullish(),
  scopesToAdd: z.array(z.string()).nullish(),
  scopesToSuppress: z.array(z.string()).nullish(),
});

const triggerResponse = z.object({
  response: z.object({
    claimsAndScopeOverrideDetails: z
      .object({
        idTokenGeneration: tokenOverrides.nullish(),
        accessTokenGeneration: tokenOverrides.nullish(),
        groupOverrideDetails: z
          .object({ groupsToOverride: z.array(z.string()).nullish() })
          .nullish(),
      })
      .nullish(),
  }),
});

type Overrides = z.infer<typeof tokenOverrides>;

/** What the function wants changed, by token. */
export interface TokenOverrides {
  readonly access?: Overrides;
  readonly id?: Overrides;
  /** In place of the pool's. */
  readonly groups?: readonly string[];
}

type TokenUse = 'access' | 'id';

/** Claims that a trigger cannot change or remove ("Excluded claims" of the developer guide). */
const fixedClaims: Readonly<Record<TokenUse, readonly string[]>> = {
  access: [
    ...[
      'acr',
      'amr',
      'at_hash',
      'auth_time',
      'azp',
      'client_id',
      'cognito:username',
      'device_key',
      'event_id',
      'exp',
      'iat',
      'iss',
      'jti',
    ],
    ...['nbf', 'nonce', 'origin_jti', 'scope', 'sub', 'token_use', 'username', 'version'],
  ],
  id: [
    ...[
      'acr',
      'amr',
      'at_hash',
      'aud',
      'auth_time',
      'azp',
      'cognito:username',
      'exp',
      'iat',
      'identities',
      'iss',
      'jti',
    ],
    ...['nbf', 'nonce', 'origin_jti', 'sub', 'token_use'],
  ],
};

/** The event that Cognito would send. */
export const preTokenGenerationEvent = (
  pool: { readonly region: string; readonly userPoolId: string },
  triggerSource: PreTokenGenerationEvent['triggerSource'],
  client: AppClient,
  person: Person,
  scopes: readonly string[],
): PreTokenGenerationEvent => ({
  version: '2',
  triggerSource,
  region: pool.region,
  userPoolId: pool.userPoolId,
  userName: person.username,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.clientId },
  request: {
    userAttributes: person.attributes,
    groupConfiguration: {
      groupsToOverride: person.groups,
      iamRolesToOverride: [],
      preferredRole: null,
    },
    scopes,
  },
  response: { claimsAndScopeOverrideDetails: null },
});

/**
 * Reads the function's answer; throws when it is not one that Cognito would take ("unrecognizable
 * Lambda output").
 */
export const readOverrides = (returned: unknown): TokenOverrides => {
  const details = triggerResponse.parse(returned).response.claimsAndScopeOverrideDetails;
  return {
    ...(details?.accessTokenGeneration && { access: details.accessTokenGeneration }),
    ...(details?.idTokenGeneration && { id: details.idTokenGeneration }),
    // "If you pass an empty or null object in your response, then the groups are suppressed."
    ...(details && { groups: details.groupOverrideDetails?.groupsToOverride ?? [] }),
  };
};

/** Adds, overrides and suppresses what may be. */
export const applyOverrides = (
  use: TokenUse,
  claims: Readonly<Record<string, unknown>>,
  overrides: Overrides | undefined,
): Record<string, unknown> => {
  const isFree = (name: string) => !fixedClaims[use].includes(name);
  const added = Object.entries(overrides?.claimsToAddOrOverride ?? {}).filter(([name]) =>
    isFree(name),
  );
  const suppressed = (overrides?.claimsToSuppress ?? []).filter(isFree);
  const kept = Object.entries(claims).filter(([name]) => !suppressed.includes(name));
  return Object.fromEntries([...kept, ...added]);
};

/** Nobody's token has an empty list. */
export const groupsClaim = (
  person: Person,
  { groups = person.groups }: TokenOverrides,
): { readonly 'cognito:groups'?: readonly string[] } =>
  groups.length === 0 ? {} : { 'cognito:groups': groups };

/** The access token's scopes after the trigger. */
export const applyScopes = (
  scopes: readonly string[],
  overrides: Overrides | undefined,
): readonly string[] => [
  ...new Set([
    ...scopes.filter((scope) => !overrides?.scopesToSuppress?.includes(scope)),
    ...(overrides?.scopesToAdd ?? []),
  ]),
];
