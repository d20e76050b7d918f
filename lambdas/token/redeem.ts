import * as z from 'zod/mini';
import { SecretUnavailable } from '../aws/cognito-client-secrets.ts';
import { ConditionFailed, epochSeconds, type Item } from '../aws/table.ts';
import {
  CodeReplay,
  type HttpError,
  InvalidGrant,
  TemporarilyUnavailable,
} from '../errors/errors.ts';
import { OutboundRequestFailed } from '../http/outbound-request.ts';
import { askCognito } from '../oauth/cognito.ts';
import { authorizationCode } from '../oauth/login-items.ts';
import { parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { challengeOf, codeVerifier } from '../oauth/pkce.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { hashOf } from '../oauth/secret.ts';
import { refuseBlocked } from './blocked-user.ts';
import { claimsOf, cognitoTokens, tokenResponse } from './cognito-tokens.ts';
import { revokeAtCognito } from './revoke.ts';
import type { GrantHandler } from './services.ts';

const redemption = z.object({
  client_id: parameter,
  // OAuth 2.1 section 10.2: PKCE binds the code, so it may be left out; sent, it must match.
  redirect_uri: z.optional(parameter),
  code: parameter,
  code_verifier: codeVerifier,
});

/**
 * Everything that the code is bound to, its expiry and its single use are one condition: whoever
 * gets a part wrong claims nothing.
 */
const condition =
  'attribute_not_exists(claimed) AND validUntil > :now AND clientId = :client AND #resource = :resource AND codeChallenge = :challenge';
const redirectCondition = `${condition} AND redirectUri = :redirect`;

/**
 * `grant_type=authorization_code` (OAUTH-10). Two table accesses: the claim, and after it either
 * its release or the question whether the user is blocked; a third, the client's keeping, once in
 * the life of a registration.
 * @throws InvalidRequest, InvalidTarget, InvalidGrant, CodeReplay, BlockedGrant,
 * TemporarilyUnavailable
 */
export const redeem: GrantHandler = async (
  request,
  form,
  { settings, table, registry, appClients },
) => {
  const asked = parseParameters(redemption, form);
  const pk = `code#${hashOf(asked.code)}`;
  const values = {
    ':true': true,
    ':now': epochSeconds(request.now),
    ':client': asked.client_id,
    ...(asked.redirect_uri && { ':redirect': asked.redirect_uri }),
    ':resource': canonicalResource(
      valuesOf(request.body, 'resource'),
      settings.RESOURCE_URL,
      settings.ISSUER_URL,
    ),
    ':challenge': challengeOf(asked.code_verifier),
  };
  const claim = {
    pk,
    update: 'SET claimed = :true REMOVE unanswered',
    condition: asked.redirect_uri ? redirectCondition : condition,
    names: { '#resource': 'resource' },
    values,
  };
  const code = authorizationCode.parse(
    await table.update(claim).catch((error: unknown) => {
      throw error instanceof ConditionFailed ? refusalOf(error.item, values) : error;
    }),
  );
  const appClient = appClients.get(code.profile);
  if (appClient === undefined)
    throw new InvalidGrant({ detail: 'the profile is not deployed any more' });
  const url = new URL('/oauth2/token', settings.COGNITO_DOMAIN);
  const redirect_uri = `${settings.ISSUER_URL}/callback`;
  const swap = {
    grant_type: 'authorization_code',
    code: code.cognitoCode,
    redirect_uri,
    code_verifier: asked.code_verifier,
  };
  const tokens = await askCognito(url, appClient, swap, cognitoTokens).catch(
    async (error: unknown) => {
      // Only a request that certainly never reached Cognito leaves its code unspent, so only then
      // may the client try again.
      if (error instanceof TemporarilyUnavailable) {
        const update = `SET unanswered = :true${wasNotSent(error.cause) ? ' REMOVE claimed' : ''}`;
        await table.update({
          pk,
          update,
          condition: 'attribute_exists(pk)',
          values: { ':true': true },
        });
      }
      throw error;
    },
  );
  if (!tokens) throw new InvalidGrant({ detail: 'Cognito refused its code' });
  const { sub: subject } = claimsOf(tokens.access_token);
  const check = refuseBlocked(table, { subject, clientId: code.clientId }, request.now);
  await check.catch(async (error: unknown) => {
    // Nobody gets these tokens, and nothing that Cognito keeps of them outlives the refusal.
    if (tokens.refresh_token !== undefined)
      await revokeAtCognito(settings, appClient, tokens.refresh_token).catch((cause: unknown) =>
        request.logger.warning('Tokens that nobody got could not be revoked', { cause }),
      );
    throw error;
  });
  const answer = await tokenResponse(request, tokens, appClient, code);
  if (code.unused)
    await registry.keep(code.clientId).catch((cause: unknown) => {
      // The person is logged in; the registration gets its next chance with the next login.
      request.logger.warning('A registration could not be kept', {
        clientId: code.clientId,
        cause,
      });
    });
  return answer;
};

/** Without the app client's secret nothing is sent at all. */
const wasNotSent = (cause: unknown): boolean =>
  cause instanceof SecretUnavailable || (cause instanceof OutboundRequestFailed && !cause.wasSent);

/** Why a claim failed, for the log; the client hears the same in every case. */
const refusalOf = (
  item: Item | undefined,
  values: Readonly<Record<`:${string}`, string | number | boolean>>,
): HttpError => {
  const about = { clientId: String(values[':client']) };
  const bound = {
    clientId: ':client',
    redirectUri: ':redirect',
    resource: ':resource',
    codeChallenge: ':challenge',
  } as const;
  const wrong =
    item &&
    Object.entries(bound).find(
      ([name, value]) => values[value] !== undefined && item[name] !== values[value],
    );
  // A client that heard 503 tries again; a thief has not its verifier.
  const isRetry = item?.['unanswered'] === true && !wrong;
  if (item?.['claimed'] === true && !isRetry)
    return new CodeReplay({ detail: 'the code was redeemed before', about });
  return new InvalidGrant({
    detail: wrong
      ? `the code was issued for another ${wrong[0]}`
      : 'the code is unknown or has expired',
    about,
  });
};
