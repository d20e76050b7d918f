import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';
import { wellKnown } from '../../../policy/endpoints.ts';
import { cognitoFigures } from '../figures.ts';
import { FederationFailure } from './attribute-mapping.ts';
import type { OidcProvider } from './identity-provider.ts';

/** https, or a provider on this very computer, as in a test. */
const endpoint = z
  .url()
  .refine((url) => /^https:\/\/|^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?\//.test(url));

const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: endpoint,
});
type Discovery = z.infer<typeof discovery>;

const tokens = z.object({ access_token: z.string(), id_token: z.string() });
const claims = z.looseObject({ sub: z.string().min(1) });

export type Claims = z.infer<typeof claims>;

/** One answer of the provider: bounded in time and size. */
const ask = async <T>(url: string, schema: z.ZodType<T>, init: RequestInit = {}): Promise<T> => {
  const response = await fetch(endpoint.parse(url), {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(cognitoFigures.providerMilliseconds),
  });
  const text = await response.text();
  if (!response.ok || text.length > cognitoFigures.bodyBytes)
    throw new FederationFailure(`the provider answered ${response.status} at ${url}`);
  return schema.parse(JSON.parse(text));
};

/** The provider's endpoints, which Cognito reads from its issuer ("auto fill"). */
const discover = async ({ issuer }: OidcProvider): Promise<Discovery> => {
  const found = await ask(`${issuer}${wellKnown.openidConfiguration}`, discovery);
  if (found.issuer !== issuer)
    throw new FederationFailure(`the provider says that it is ${found.issuer}`);
  return found;
};

export interface ProviderRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly loginHint?: string | undefined;
  readonly asksForLogin: boolean;
}

/** Where the browser goes to log in there. Cognito sends neither PKCE nor a nonce. */
export const providerLocation = async (
  provider: OidcProvider,
  { redirectUri, state, loginHint, asksForLogin }: ProviderRequest,
): Promise<string> => {
  const url = new URL((await discover(provider)).authorization_endpoint);
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: provider.scopes,
    response_type: 'code',
    state,
    ...(loginHint !== undefined && { login_hint: loginHint }),
    ...(asksForLogin && { prompt: 'login' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

/**
 * Who has logged in there: the verified ID token's claims, and over them what `userInfo` says.
 * Cognito authenticates by `client_secret_post` alone.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
 */
export const redeemAtProvider = async (
  provider: OidcProvider,
  code: string,
  redirectUri: string,
): Promise<Claims> => {
  const found = await discover(provider);
  const given = await ask(found.token_endpoint, tokens, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: provider.clientId,
      client_secret: provider.clientSecret,
    }),
  });
  const { payload } = await jwtVerify(given.id_token, createRemoteJWKSet(new URL(found.jwks_uri)), {
    issuer: found.issuer,
    audience: provider.clientId,
  });
  const fromToken = claims.parse(payload);
  const info = await ask(found.userinfo_endpoint, claims, {
    headers: { authorization: `Bearer ${given.access_token}` },
  });
  if (info.sub !== fromToken.sub) throw new FederationFailure('userInfo is of somebody else');
  return { ...fromToken, ...info };
};
