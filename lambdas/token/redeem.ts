import * as z from 'zod/mini';
import { SecretUnavailable } from '../aws/cognito-client-secrets.ts';
import {
  CodeReplay,
  type HttpError,
  InvalidGrant,
  TemporarilyUnavailable,
} from '../errors/errors.ts';
import { OutboundRequestFailed } from '../http/outbound-request.ts';
import { askCognito } from '../oauth/cognito.ts';
import { parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { challengeOf, codeVerifier } from '../oauth/pkce.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { hashOf } from '../oauth/secret.ts';
import { allowRetry, type CodeClaim, claimCode } from '../store/codes.ts';
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
  const hash = hashOf(asked.code);
  const claim = await claimCode(
    table,
    hash,
    {
      clientId: asked.client_id,
      redirectUri: asked.redirect_uri || undefined,
      resource: canonicalResource(
        valuesOf(request.body, 'resource'),
        settings.RESOURCE_URL,
        settings.ISSUER_URL,
      ),
      codeChallenge: challengeOf(asked.code_verifier),
    },
    request.now,
  );
  if (claim.outcome !== 'claimed') throw claimError(claim, asked.client_id);
  const { code } = claim;
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
      if (error instanceof TemporarilyUnavailable)
        await allowRetry(table, hash, { unspent: wasNotSent(error.cause) });
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
const claimError = (
  claim: Exclude<CodeClaim, { readonly outcome: 'claimed' }>,
  clientId: string,
): HttpError => {
  const about = { clientId };
  if (claim.outcome === 'replayed')
    return new CodeReplay({ detail: 'the code was redeemed before', about });
  return new InvalidGrant({ detail: claim.fault, about });
};
