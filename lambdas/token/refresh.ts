import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import { ConditionFailed, type Table } from '../aws/table.ts';
import { BlockedGrant, InvalidGrant } from '../errors/errors.ts';
import type { Answer, SecuredRequest } from '../middleware/secured.ts';
import { type AppClient, type AppClients, askCognito } from '../oauth/cognito.ts';
import { parameter, parseParameters } from '../oauth/parameters.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { grantedScopes } from '../oauth/scope.ts';
import { claimedProfile, type RefreshGrant, unseal } from '../oauth/sealed-refresh-token.ts';
import { seconds } from '../oauth/time.ts';
import { cognitoTokens, tokenAnswer } from './cognito-tokens.ts';
import type { TokenServices } from './redeem.ts';

const refreshment = z.object({
  client_id: parameter,
  refresh_token: z.string().check(z.maxLength(sizes.tokenBytes)),
  resource: z.optional(parameter),
  scope: z.optional(parameter),
});

/**
 * What a sealed refresh token holds, for the client that it was issued to and no other one of the same profile (OAUTH-13).
 * @throws InvalidGrant
 */
export const openFor = async (
  clientId: string,
  token: string,
  appClientOf: AppClients,
): Promise<{ readonly appClient: AppClient; readonly grant: RefreshGrant }> => {
  const appClient = await appClientOf(claimedProfile(token));
  const grant = appClient && unseal(token, appClient.secrets);
  if (!grant) throw new InvalidGrant({ detail: 'not a refresh token of ours' });
  if (grant.clientId !== clientId) throw new InvalidGrant({ detail: 'a refresh token of another client' });
  return { appClient, grant };
};

/** The kill switch: one conditional write on the item that the per-user limit counts on. */
const refuseBlocked = async (table: Table, subject: string, now: Date): Promise<void> => {
  await table
    .update({
      pk: `user#${subject}`,
      // Only so that the item does not stay for ever where the limit has not made it yet.
      update: 'SET expiresAt = if_not_exists(expiresAt, :later)',
      condition: 'attribute_not_exists(blocked)',
      values: { ':later': seconds(now) + lifetimes.tokenAgeSeconds },
    })
    .catch((error: unknown) => {
      throw error instanceof ConditionFailed ? new BlockedGrant() : error;
    });
};

/**
 * `grant_type=refresh_token`, one table access.
 * @throws InvalidRequest, InvalidGrant, InvalidScope, InvalidTarget, BlockedGrant, TemporarilyUnavailable
 */
export const refresh = async (
  request: SecuredRequest,
  form: Readonly<Record<string, string>>,
  { settings, table, appClientOf }: TokenServices,
): Promise<Answer> => {
  const asked = parseParameters(refreshment, form);
  const { appClient, grant } = await openFor(asked.client_id, asked.refresh_token, appClientOf);
  const resource = canonicalResource(asked.resource, settings.RESOURCE_URL, settings.ISSUER_URL);
  if (grant.resource !== resource) throw new InvalidGrant({ detail: 'a refresh token for another resource' });
  // No more than was granted (RFC 6749 section 6). Cognito cannot narrow on refresh: the answer's `scope` says so.
  grantedScopes(asked.scope, grant.scopes);
  await refuseBlocked(table, grant.subject, request.now);
  const exchange = { grant_type: 'refresh_token', refresh_token: grant.token };
  const tokens = await askCognito(new URL('/oauth2/token', settings.COGNITO_DOMAIN), appClient, exchange, cognitoTokens);
  if (!tokens) throw new InvalidGrant({ detail: 'the refresh token was rotated, revoked, or has expired' });
  return tokenAnswer(tokens, appClient, grant, grant.token);
};
