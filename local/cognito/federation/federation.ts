import { timingSafeEqual } from 'node:crypto';
import type { LoopbackRequest, LoopbackResponse } from '../../loopback/request.ts';
import { type AuthorizationRequest, responseLocation } from '../authorization-request.ts';
import { grantCode } from '../grant-code.ts';
import { errorPage, redirectTo } from '../page.ts';
import type { Pool } from '../pool.ts';
import { readCookie, sessionCookie, setCookie } from '../sessions.ts';
import { FederationFailure, mappedAttributes } from './attribute-mapping.ts';
import type { IdentityProvider, OidcProvider } from './identity-provider.ts';
import { type Claims, providerLocation, redeemAtProvider } from './oidc-login.ts';
import { preSignUpEvent } from './pre-sign-up.ts';

/** Where a provider sends the browser back to. */
export const providerResponsePath = '/oauth2/idpresponse';

/** The name that Cognito gives the cookie of a login that is under way at a provider. */
const stateCookie = 'csrf-state';

/** Those that the app client offers. */
export const providersOf = (
  pool: Pool,
  { identityProviders }: AuthorizationRequest['client'],
): readonly IdentityProvider[] =>
  pool.configuration.identityProviders?.filter(({ name }) => identityProviders.includes(name)) ??
  [];

/** The provider that a request names, by its name or by an identifier. */
export const namedProvider = (
  pool: Pool,
  { client, identityProvider, idpIdentifier }: AuthorizationRequest,
): IdentityProvider | undefined =>
  providersOf(pool, client).find(
    ({ name, identifiers }) =>
      name === identityProvider ||
      (idpIdentifier !== undefined && identifiers.includes(idpIdentifier)),
  );

/** On the hosted domain, whose port is this run's. */
const redirectUriOf = ({ headers }: LoopbackRequest): string =>
  `http://${headers.host ?? 'localhost'}${providerResponsePath}`;

/** Sends the browser to the provider. */
export const goToProvider = async (
  pool: Pool,
  request: AuthorizationRequest,
  provider: OidcProvider,
  asked: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const state = pool.pendingLogins.begin({ request, provider }, pool.now());
  try {
    const location = await providerLocation(provider, {
      redirectUri: redirectUriOf(asked),
      state,
      loginHint: request.loginHint,
      asksForLogin: request.prompt.includes('login'),
    });
    return redirectTo(location, [setCookie(stateCookie, state)]);
  } catch (error) {
    return redirectTo(failed(request, error));
  }
};

/** What Cognito tells the app of a login that a provider refused, or that made no sense. */
const failed = ({ redirectUri, state }: AuthorizationRequest, error: unknown): string =>
  responseLocation(redirectUri, {
    error: 'invalid_request',
    error_description:
      error instanceof FederationFailure ? error.message : 'Error in the login at the provider',
    state,
  });

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/**
 * `GET /oauth2/idpresponse`: the browser comes back from the provider, once, and only the one that
 * was sent there.
 */
export const providerResponse = async (
  pool: Pool,
  asked: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const { searchParams } = asked.url;
  const state = searchParams.get('state') ?? '';
  const cookie = readCookie(asked.headers.cookie, stateCookie) ?? '';
  if (state === '' || !isSame(cookie, state)) return errorPage('Invalid state parameter');
  const pending = pool.pendingLogins.take(state, pool.now());
  if (!pending) return errorPage('Invalid state parameter');
  const { request, provider } = pending;
  const code = searchParams.get('code');
  if (code === null)
    return redirectTo(
      responseLocation(request.redirectUri, {
        error: searchParams.get('error') ?? 'invalid_request',
        error_description: searchParams.get('error_description') ?? undefined,
        state: request.state,
      }),
    );
  try {
    const claims = await redeemAtProvider(provider, code, redirectUriOf(asked));
    const sub = await enter(pool, request, provider, claims);
    const session = { sub, authTime: pool.now() };
    return redirectTo(await grantCode(pool, request, session), [
      setCookie(sessionCookie, pool.sessions.start(session)),
      setCookie(stateCookie, ''),
    ]);
  } catch (error) {
    return redirectTo(failed(request, error));
  }
};

/**
 * Puts the person into the directory, or brings their attributes up to date. The pre-sign-up
 * trigger is asked the first time. Cognito has a group of its own for each provider.
 */
const enter = async (
  pool: Pool,
  { client }: AuthorizationRequest,
  { name, mapping }: OidcProvider,
  claims: Claims,
): Promise<string> => {
  const { userPoolId, preSignUp } = pool.configuration;
  const username = `${name}_${claims.sub}`;
  const attributes = mappedAttributes(mapping, claims);
  const known = pool.directory.byName(username);
  if ((attributes['email'] ?? known?.email ?? '') === '')
    throw new FederationFailure('attributes required: [email]');
  if (known === undefined && preSignUp) {
    const event = preSignUpEvent(pool.configuration, client, username, attributes);
    await preSignUp(event).catch((cause: unknown) => {
      throw new FederationFailure('PreSignUp failed with error', { cause });
    });
  }
  const identities = [
    { userId: claims.sub, providerName: name, providerType: 'OIDC', primary: true },
  ];
  return pool.directory.fromProvider({
    username,
    attributes: {
      // Unless the provider says otherwise.
      email_verified: 'false',
      ...attributes,
      identities: JSON.stringify(identities),
    },
    group: `${userPoolId}_${name}`,
  });
};
