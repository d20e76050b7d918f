import { endpoints } from '../../policy/endpoints.ts';
import { sizes } from '../../policy/limits.ts';
import type { Table } from '../aws/table.ts';
import { ForeignTransaction, HttpError, InvalidRequest } from '../errors/errors.ts';
import { reportError } from '../errors/report-error.ts';
import type { Handler, HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import type { ClientRegistry } from '../oauth/client-registry.ts';
import { formOf, given } from '../oauth/parameters.ts';
import { forgetApproval } from '../store/approvals.ts';
import { keptApproval, rememberApproval } from './approval.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  resolveClient,
} from './authorization-request.ts';
import { callback } from './callback.ts';
import { approvedForm, deniedForm, requireOwnForm } from './consent-form.ts';
import { consentPage, keptPage } from './consent-page.ts';
import { withinBudget } from './cookie.ts';
import { forwardToCognito } from './forward.ts';
import { continuePage, redirectTo, withParameters } from './pages.ts';
import type { AuthorizationSettings } from './settings.ts';

/** A form that was this browser's own, with what it repeats checked again. */
interface Decided {
  readonly request: SecuredRequest;
  readonly authorizationRequest: AuthorizationRequest;
  readonly csrf: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * `/authorize`, `/consent` and `/callback`. At most two table accesses each; a third where an
 * approval is kept or looked up, or a metadata document of an unlisted host is fetched.
 */
export const authorization = (
  settings: AuthorizationSettings,
  table: Table,
  registry: ClientRegistry,
): Handler => {
  const { ISSUER_URL: issuer, BRAND: brand } = settings;

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
      const kept = await keptApproval(authorizationRequest, held, table, request.now);
      const about = { issuer, brand, now: request.now };
      return kept === undefined
        ? consentPage(authorizationRequest, about)
        : keptPage(authorizationRequest, about, kept.expiresAt);
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
    const { csrf = '', decision = '', ...fields } = formOf(request.body);
    const { origin, cookie } = request.headers;
    if (origin !== undefined && origin !== new URL(issuer).origin)
      throw new ForeignTransaction({ detail: 'a consent form from another site' });
    requireOwnForm(csrf, fields, cookie, request.now);
    const authorizationRequest = parseAuthorizationRequest(
      await resolveClient(fields, registry, request.now, true),
      fields,
      // Whatever the app named was ours, and is known.
      [],
      settings,
    );
    const decide = Object.hasOwn(decisions, decision) ? decisions[decision] : undefined;
    if (decide === undefined) throw new InvalidRequest();
    return decide({ request, authorizationRequest, csrf, fields });
  };

  const deny = async ({ request, authorizationRequest, csrf }: Decided): Promise<HttpResponse> => {
    const { client, profile, redirectUri, state } = authorizationRequest;
    request.trail('denial', { clientId: client.id, profile: profile.name });
    const denial = {
      error: 'access_denied',
      error_description: 'The user denied the request.',
      state,
      iss: issuer,
    };
    return continuePage({
      title: 'You denied access',
      url: withParameters(redirectUri, denial),
      label: `Back to ${new URL(redirectUri).host}`,
      brand,
      cookies: [deniedForm(csrf)],
    });
  };

  /** `remember` comes after the transaction: an approval without a login is kept by nobody. */
  const signIn = async (
    { request, authorizationRequest, csrf, fields }: Decided,
    remember: () => Promise<readonly string[]>,
  ): Promise<HttpResponse> => {
    const { now } = request;
    const { url, cookie } = await forwardToCognito(authorizationRequest, settings, table, now);
    return continuePage({
      title: 'Sign in to go on',
      url,
      label: 'Continue to sign in',
      brand,
      cookies: [cookie, ...(await remember()), approvedForm(csrf, fields, now)],
    });
  };

  const approve = async (decided: Decided): Promise<HttpResponse> => {
    const { request, authorizationRequest } = decided;
    const { client, profile } = authorizationRequest;
    const response = await signIn(decided, () =>
      rememberApproval(authorizationRequest, table, request.now),
    );
    request.trail('approval', {
      clientId: client.id,
      profile: profile.name,
      scope: authorizationRequest.scopes.join(' '),
    });
    return response;
  };

  /** By the approval that the browser keeps, for as long as it keeps it: no click prolongs it. */
  const goOn = async (decided: Decided): Promise<HttpResponse> => {
    const { request, authorizationRequest } = decided;
    const { cookie } = request.headers;
    const kept = await keptApproval(authorizationRequest, cookie, table, request.now);
    return kept === undefined
      ? consentPage(authorizationRequest, { issuer, brand, now: request.now })
      : signIn(decided, async () => []);
  };

  const forget = async ({ request, authorizationRequest }: Decided): Promise<HttpResponse> => {
    const { client, profile } = authorizationRequest;
    const { cookie } = request.headers;
    const kept = await keptApproval(authorizationRequest, cookie, table, request.now);
    if (kept !== undefined) await forgetApproval(table, kept.hash);
    request.logger.info('Approval forgotten', { clientId: client.id, profile: profile.name });
    return consentPage(
      authorizationRequest,
      { issuer, brand, now: request.now },
      { cookies: kept === undefined ? [] : [kept.cookie] },
    );
  };

  /** What a person may decide, by the button's value. */
  const decisions: Readonly<Record<string, (decided: Decided) => Promise<HttpResponse>>> = {
    approve,
    deny,
    continue: goOn,
    forget,
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
