import type { AppClient } from './app-client.ts';

/** Parameters of a query or a form, each at most once; `undefined` when one is repeated. */
export const readParameters = (
  parameters: URLSearchParams,
): Readonly<Record<string, string>> | undefined => {
  const names = [...parameters.keys()];
  return new Set(names).size === names.length ? Object.fromEntries(parameters) : undefined;
};

/** A request to `/oauth2/authorize` that may go on to the login page. */
export interface AuthorizationRequest {
  readonly client: AppClient;
  readonly redirectUri: string;
  readonly state?: string;
  readonly scopes: readonly string[];
  readonly codeChallenge?: string;
  readonly nonce?: string;
  readonly resource?: string;
  readonly prompt: readonly string[];
  readonly loginHint?: string;
  /** The name of the provider to go to, or one of its identifiers. */
  readonly identityProvider?: string;
  readonly idpIdentifier?: string;
}

export type Checked =
  | { readonly outcome: 'request'; readonly request: AuthorizationRequest }
  /** Client or redirect URI are not known good: the error stays on Cognito's own page. */
  | { readonly outcome: 'page'; readonly error: string }
  | { readonly outcome: 'redirect'; readonly location: string };

/** Where an authorization response goes. Cognito adds no `iss`. */
export const responseLocation = (
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.append(name, value);
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
};

/**
 * "Values for this parameter must begin with https://, http://localhost, or a custom URL scheme
 * like myapp://." Nothing else is checked.
 */
const isResource = (value: string): boolean =>
  URL.canParse(value) &&
  (/^https:\/\//.test(value) ||
    /^http:\/\/localhost/.test(value) ||
    /^(?!https?:)[a-z][a-z0-9+.-]*:\/\//.test(value));

/** RFC 7636 section 4.2: what an S256 challenge looks like. */
const isChallenge = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value);

/** PKCE is optional; once one of the two parameters is there, both must be, and the method S256. */
const isPkceRight = ({
  code_challenge,
  code_challenge_method,
}: Readonly<Record<string, string>>): boolean =>
  code_challenge === undefined && code_challenge_method === undefined
    ? true
    : code_challenge !== undefined &&
      isChallenge(code_challenge) &&
      code_challenge_method === 'S256';

/** All of the client's scopes when none is asked for; `undefined` when one is not the client's. */
export const grantedScopes = (
  client: AppClient,
  scope: string | undefined,
): readonly string[] | undefined => {
  const requested = [...new Set((scope ?? '').split(' ').filter((name) => name !== ''))];
  if (requested.length === 0) return client.scopes;
  return requested.every((name) => client.scopes.includes(name)) ? requested : undefined;
};

const errorIn = (
  client: AppClient,
  parameters: Readonly<Record<string, string>>,
): string | undefined => {
  const { response_type, resource, scope } = parameters;
  if (response_type === 'token') return 'unauthorized_client';
  if (response_type !== 'code' || !isPkceRight(parameters)) return 'invalid_request';
  if (resource !== undefined && !isResource(resource)) return 'invalid_request';
  return grantedScopes(client, scope) === undefined ? 'invalid_scope' : undefined;
};

/** The flows by which managed login can ask for a password. */
const loginFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH'];

/**
 * A client that names no flow has SRP. One that names flows without any of these, custom
 * authentication alone say, has no form to show: managed login shows an error instead.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-managedlogin.html
 */
const hasLoginFlow = ({ explicitAuthFlows }: AppClient): boolean =>
  explicitAuthFlows.length === 0 || explicitAuthFlows.some((flow) => loginFlows.includes(flow));

/**
 * Decides about the query of `/oauth2/authorize` and `/login`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export const checkAuthorizationRequest = (
  query: URLSearchParams,
  clientOf: (clientId: string) => AppClient | undefined,
): Checked => {
  const parameters = readParameters(query);
  if (!parameters) return { outcome: 'page', error: 'invalid_request' };
  const client = clientOf(parameters['client_id'] ?? '');
  if (!client) return { outcome: 'page', error: 'invalid_client' };
  if (!client.flows.includes('code')) return { outcome: 'page', error: 'unauthorized_client' };
  if (!hasLoginFlow(client)) return { outcome: 'page', error: 'Invalid parameter in request' };
  const {
    redirect_uri: redirectUri,
    state,
    scope,
    code_challenge,
    nonce,
    resource,
    prompt,
    login_hint,
    identity_provider,
    idp_identifier,
  } = parameters;
  if (redirectUri === undefined || !client.callbackUrls.includes(redirectUri))
    return { outcome: 'page', error: 'redirect_mismatch' };
  const error = errorIn(client, parameters);
  if (error !== undefined)
    return { outcome: 'redirect', location: responseLocation(redirectUri, { error, state }) };
  return {
    outcome: 'request',
    request: {
      client,
      redirectUri,
      scopes: grantedScopes(client, scope) ?? [],
      prompt: (prompt ?? '').split(' ').filter((value) => value !== ''),
      ...(state !== undefined && { state }),
      ...(code_challenge !== undefined && { codeChallenge: code_challenge }),
      ...(nonce !== undefined && { nonce }),
      ...(resource !== undefined && { resource }),
      ...(login_hint !== undefined && { loginHint: login_hint }),
      ...(identity_provider !== undefined && { identityProvider: identity_provider }),
      ...(idp_identifier !== undefined && { idpIdentifier: idp_identifier }),
    },
  };
};
