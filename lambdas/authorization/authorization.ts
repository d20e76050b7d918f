import { endpoints } from '../../policy/endpoints.ts';
import { sizes } from '../../policy/limits.ts';
import type { Table } from '../aws/table.ts';
import { ForeignTransaction, HttpError, InvalidRequest } from '../errors/errors.ts';
import { reportError } from '../errors/report-error.ts';
import type { Handler, HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import type { ClientRegistry } from '../oauth/client-registry.ts';
import { formOf, given } from '../oauth/parameters.ts';
import { isRemembered, rememberApproval } from './approval.ts';
import { parseAuthorizationRequest, resolveClient } from './authorization-request.ts';
import { callback } from './callback.ts';
import { approvedForm, deniedForm, requireOwnForm } from './consent-form.ts';
import { consentPage } from './consent-page.ts';
import { withinBudget } from './cookie.ts';
import { forwardToCognito } from './forward.ts';
import { continuePage, redirectTo, withParameters } from './pages.ts';
import type { AuthorizationSettings } from './settings.ts';

/**
 * `/authorize`, `/consent` and `/callback`. At most two table accesses each; a third where an
 * approval is kept or looked up, or a metadata document of an unlisted host is fetched.
 */
export const authorization = (
  settings: AuthorizationSettings,
  table: Table,
  registry: ClientRegistry,
): Handler => {
  const { ISSUER_URL: issuer } = settings;

  const authorize = async (request: SecuredRequest): Promise<HttpResponse> => {
    const { resource: _, ...parameters } = given(request.query);
    const resources = (request.repeatedQuery['resource'] ?? []).filter((value) => value !== '');
    const requester = await resolveClient(parameters, registry, request.now, false);
    try {
      const authorizationRequest = parseAuthorizationRequest(
        requester,
        parameters,
        resources,
        settings,
      );
      const { cookie: held } = request.headers;
      if (!(await isRemembered(authorizationRequest, held, table, request.now)))
        return consentPage(authorizationRequest, issuer, request.now);
      const { url, cookie } = await forwardToCognito(
        authorizationRequest,
        settings,
        table,
        request.now,
      );
      return redirectTo(url, {}, [cookie]);
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
    const { csrf = '', decision, ...fields } = formOf(request.body);
    const { origin, cookie } = request.headers;
    if (origin !== undefined && origin !== new URL(issuer).origin)
      throw new ForeignTransaction({ detail: 'a consent form from another site' });
    requireOwnForm(csrf, fields, cookie, request.now);
    const { resource } = fields;
    const authorizationRequest = parseAuthorizationRequest(
      await resolveClient(fields, registry, request.now, true),
      fields,
      resource === undefined ? [] : [resource],
      settings,
    );
    const { client, profile, redirectUri, state } = authorizationRequest;
    if (decision === 'deny') {
      request.logger.info('Consent denied', { clientId: client.id, profile: profile.name });
      const denial = {
        error: 'access_denied',
        error_description: 'The user denied the request.',
        state,
        iss: issuer,
      };
      const url = withParameters(redirectUri, denial);
      return continuePage('You denied access', url, `Back to ${new URL(redirectUri).host}`, [
        deniedForm(csrf),
      ]);
    }
    if (decision !== 'approve') throw new InvalidRequest();
    const forwarded = await forwardToCognito(authorizationRequest, settings, table, request.now);
    const approved = await rememberApproval(authorizationRequest, table, request.now);
    request.logger.info('Consent given', { clientId: client.id, profile: profile.name });
    return continuePage('Sign in to go on', forwarded.url, 'Continue to sign in', [
      forwarded.cookie,
      ...approved,
      approvedForm(csrf, fields, request.now),
    ]);
  };

  const respond = (request: SecuredRequest): Promise<HttpResponse> => {
    if (request.path === endpoints.authorize.path) return authorize(request);
    if (request.path === endpoints.consent.path) return consent(request);
    return callback(request, table, issuer);
  };

  return async (request) => {
    const response = await respond(request);
    const cookies = withinBudget(request.headers['cookie'], response.cookies ?? []);
    return { ...response, cookies };
  };
};
