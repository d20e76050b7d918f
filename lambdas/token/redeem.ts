import * as z from 'zod/mini';
import { endpoints } from '../../policy/endpoints.ts';
import { SecretUnavailable } from '../aws/cognito-client-secrets.ts';
import { epochSeconds } from '../aws/table.ts';
import {
  CodeReplay,
  type HttpError,
  InvalidGrant,
  TemporarilyUnavailable,
} from '../errors/errors.ts';
import { OutboundRequestFailed } from '../http/outbound-request.ts';
import { userHash } from '../logging/user-hash.ts';
import { askCognito } from '../oauth/cognito.ts';
import { parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { challengeOf, codeVerifier } from '../oauth/pkce.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { hashOf } from '../oauth/secret.ts';
import { allowRetry, type CodeClaim, claimCode } from '../store/codes.ts';
import { beginGrant } from '../store/grants.ts';
import { claimsOf, cognitoTokens, tokenResponse } from './cognito-tokens.ts';
import { newGrantId, refreshTokenSeconds, refusedGrant } from './grant.ts';
import { revokeQuietly } from './revoke-at-cognito.ts';
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
 * its release or the making of the grant, which asks whether the user is blocked.
 * @throws InvalidRequest, InvalidTarget, InvalidGrant, CodeReplay, BlockedGrant,
 * TemporarilyUnavailable
 */
export const redeem: GrantHandler = async (request, form, { settings, table, appClients }) => {
  const requested = parseParameters(redemption, form);
  const hash = hashOf(requested.code);
  const claim = await claimCode(
    table,
    hash,
    {
      clientId: requested.client_id,
      redirectUri: requested.redirect_uri || undefined,
      resource: canonicalResource(
        valuesOf(request.body, 'resource'),
        settings.RESOURCE_URL,
        settings.ISSUER_URL,
      ),
      codeChallenge: challengeOf(requested.code_verifier),
    },
    request.now,
  );
  if (claim.outcome !== 'claimed') throw claimError(claim, requested.client_id);
  const { code } = claim;
  const appClient = appClients.get(code.profile);
  if (appClient === undefined)
    throw new InvalidGrant({ detail: 'the profile is not deployed any more' });
  const url = new URL('/oauth2/token', settings.COGNITO_DOMAIN);
  const redirect_uri = `${settings.ISSUER_URL}${endpoints.callback.path}`;
  const swap = {
    grant_type: 'authorization_code',
    code: code.cognitoCode,
    redirect_uri,
    code_verifier: requested.code_verifier,
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
  const { sub: subject, origin_jti: session } = claimsOf(tokens.access_token);
  const grant = newGrantId();
  const login = {
    clientId: code.clientId,
    profile: code.profile,
    scopes: code.scopes,
    since: code.approvedAt,
    expires: epochSeconds(request.now) + refreshTokenSeconds(settings, code.profile),
    session,
  };
  const begun = await beginGrant(table, subject, grant, login, request.now).catch(
    async (error: unknown) => {
      // The code is spent; the client tries again without looking like a replay.
      await allowRetry(table, hash, { unspent: false }).catch((cause: unknown) =>
        request.logger.warning('The retry of a code will look like a replay', { cause }),
      );
      await revokeQuietly(request, settings, appClient, tokens.refresh_token);
      throw error;
    },
  );
  if (begun.outcome !== 'begun') {
    // Nobody gets these tokens, and nothing that Cognito keeps of them outlives the refusal.
    await revokeQuietly(request, settings, appClient, tokens.refresh_token);
    const refused = refusedGrant(begun.outcome, {
      user: userHash(subject),
      clientId: code.clientId,
    });
    request.trail('login', {
      sub: subject,
      clientId: code.clientId,
      profile: code.profile,
      outcome: 'refused',
      code: refused.code,
    });
    throw refused;
  }
  await begun.sweep?.().catch((cause: unknown) => {
    request.logger.warning('Old grants were not ended', { cause });
  });
  const { clientId, resource, scopes, unused } = code;
  const bound = { clientId, resource, scopes, grant, generation: 0, ...(unused && { unused }) };
  return tokenResponse(request, tokens, appClient, bound);
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
