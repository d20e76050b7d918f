import { sizes } from '../../policy/limits.ts';
import type { Table } from '../aws/table.ts';
import { ForeignTransaction, HttpError, InvalidRequest } from '../errors/errors.ts';
import { reportError } from '../errors/report-error.ts';
import type { Handler, HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import type { ClientRegistry } from '../oauth/client-registry.ts';
import { formOf, given } from '../oauth/parameters.ts';
import { hashOf } from '../oauth/secret.ts';
import type { OAuthSettings } from '../oauth/settings.ts';
import { approve, isRemembered } from './approval.ts';
import { parseAuthorizationRequest, resolveClient } from './authorization-request.ts';
import { callback } from './callback.ts';
import { consentPage, formHash } from './consent-page.ts';
import { readCookie } from './cookie.ts';
import { continuePage, redirectTo, withParameters } from './pages.ts';

/** `/authorize`, `/consent` and `/callback`. At most two table accesses each. */
export const authorization = (
  settings: OAuthSettings,
  table: Table,
  registry: ClientRegistry,
): Handler => {
  const { ISSUER_URL: issuer } = settings;

  const authorize = async (request: SecuredRequest): Promise<HttpResponse> => {
    const { resource: _, ...parameters } = given(request.query);
    const resources = (request.repeatedQuery['resource'] ?? []).filter((value) => value !== '');
    const requester = await resolveClient(parameters, registry, request.now, false);
    try {
      const asked = parseAuthorizationRequest(requester, parameters, resources, settings);
      if (!isRemembered(asked, request.headers['cookie'])) return consentPage(asked, issuer);
      const { url, cookies } = await approve(asked, settings, table, request.now);
      return redirectTo(url, {}, cookies);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      // Client and redirect URI are known good here, so the client may hear of its error
      // (OAUTH-14), with `iss` (OAUTH-11).
      const { client, profile, redirectUri, state } = requester;
      reportError(error, request, { clientId: client.id, profile: profile.name });
      const parameters = { error: error.oauth, error_description: error.message, iss: issuer };
      const fits =
        withParameters(redirectUri, { ...parameters, state }).length <= sizes.locationCharacters;
      return redirectTo(redirectUri, { ...parameters, state: fits ? state : undefined });
    }
  };

  const consent = async (request: SecuredRequest): Promise<HttpResponse> => {
    const { csrf, decision, ...fields } = formOf(request.body);
    const { resource } = fields;
    const origin = request.headers['origin'];
    const cookie = csrf && readCookie(request.headers['cookie'], 'consent', hashOf(csrf));
    if (
      !csrf ||
      cookie !== formHash(csrf, fields) ||
      (origin !== undefined && origin !== new URL(issuer).origin)
    )
      throw new ForeignTransaction({
        detail: cookie
          ? 'a consent form with other contents or from another site'
          : 'a consent form without its cookie',
        fix: 'The page may have been open for too long. Go back to your app and connect again, in this browser.',
      });
    const asked = parseAuthorizationRequest(
      await resolveClient(fields, registry, request.now, true),
      fields,
      resource === undefined ? [] : [resource],
      settings,
    );
    const { client, profile, redirectUri, state } = asked;
    if (decision === 'deny') {
      request.logger.info('Consent denied', { clientId: client.id, profile: profile.name });
      const refusal = {
        error: 'access_denied',
        error_description: 'The user denied the request.',
        state,
        iss: issuer,
      };
      const url = withParameters(redirectUri, refusal);
      return continuePage('You denied access', url, `Back to ${new URL(redirectUri).host}`, []);
    }
    if (decision !== 'approve') throw new InvalidRequest();
    const { url, cookies } = await approve(asked, settings, table, request.now);
    request.logger.info('Consent given', { clientId: client.id, profile: profile.name });
    return continuePage('Sign in to go on', url, 'Continue to sign in', cookies);
  };

  return (request) => {
    if (request.path === '/authorize') return authorize(request);
    if (request.path === '/consent') return consent(request);
    return callback(request, table, issuer);
  };
};
