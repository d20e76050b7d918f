import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { InvalidRequest, UnsupportedResponseType } from '../errors/errors.ts';
import type { DeployedProfile } from '../oauth/client-profile.ts';
import { type Client, type ClientRegistry, profileFor } from '../oauth/client-registry.ts';
import { type Parameters, parameter, parseParameters } from '../oauth/parameters.ts';
import { codeChallenge } from '../oauth/pkce.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { grantedScopes } from '../oauth/scope.ts';
import type { OAuthSettings } from '../oauth/settings.ts';
import { loginHintOf } from './login-hint.ts';

/** Who asks, and where the answer goes: known good, so that errors may go there too (OAUTH-14). */
export interface Requester {
  readonly client: Client;
  readonly profile: DeployedProfile;
  readonly redirectUri: string;
  /** As the client sent it, whatever it is: an error takes it back to the client. */
  readonly state?: string | undefined;
}

export interface AuthorizationRequest extends Requester {
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  /**
   * What the person is to be asked again (OpenID Connect): claude.ai sends `consent`, which asks
   * for the page but not for a login.
   */
  readonly prompts: readonly string[];
  /** The person's address, as the client has it. */
  readonly loginHint?: string | undefined;
}

const identity = z.object({ client_id: parameter, redirect_uri: parameter });

const details = z.object({
  response_type: z.literal('code'),
  response_mode: z.optional(z.literal('query')),
  code_challenge: codeChallenge,
  code_challenge_method: z.literal('S256'),
  state: z.optional(parameter),
  scope: z.optional(parameter),
  prompt: z.optional(parameter),
  login_hint: z.optional(parameter),
});

/**
 * Client and redirect URI. Whatever is wrong with these is shown on a page, never sent to a
 * redirect URI.
 * @throws InvalidRequest, InvalidClient
 */
export const resolveClient = async (
  parameters: Parameters,
  registry: ClientRegistry,
  now: Date,
  allowStale: boolean,
): Promise<Requester> => {
  const { client_id, redirect_uri } = parseParameters(identity, parameters);
  const client = await registry.find(client_id, redirect_uri, now, { allowStale });
  const profile = profileFor(client, redirect_uri);
  if (profile === undefined)
    throw new InvalidRequest({
      message: 'The app asks for a response at an address that is not registered here.',
      detail: 'redirect URI not registered',
      fix: `${namedUri(redirect_uri)}Do not continue unless you know why. Connect again from the app; if this comes back, tell its makers.`,
    });
  return {
    client,
    profile,
    redirectUri: redirect_uri,
    state: parameters['state'],
  };
};

/**
 * Names the redirect URI, so that whoever reads the page knows which one the registration left out.
 * Only what is a URI, and only its beginning: this page is no place for a stranger's sentences.
 */
const namedUri = (redirectUri: string): string => {
  if (!URL.canParse(redirectUri) || redirectUri.includes(' ')) return '';
  const shown = redirectUri.slice(0, sizes.shownUriCharacters);
  return `The address is ${shown}${shown.length < redirectUri.length ? '…' : ''} . `;
};

/**
 * The rest of the request (OAUTH-2, OAUTH-12).
 * @throws UnsupportedResponseType, InvalidRequest, InvalidScope, InvalidTarget
 */
export const parseAuthorizationRequest = (
  requester: Requester,
  parameters: Parameters,
  resources: readonly string[],
  { ISSUER_URL, RESOURCE_URL }: Pick<OAuthSettings, 'ISSUER_URL' | 'RESOURCE_URL'>,
): AuthorizationRequest => {
  if ((parameters['response_type'] ?? 'code') !== 'code') throw new UnsupportedResponseType();
  const { code_challenge, scope, prompt, login_hint } = parseParameters(details, parameters);
  return {
    ...requester,
    codeChallenge: code_challenge,
    scopes: grantedScopes(scope, requester.profile.scopes),
    resource: canonicalResource(resources, RESOURCE_URL, ISSUER_URL),
    prompts: (prompt ?? '').split(' ').filter((each) => each !== '' && each !== 'none'),
    loginHint: loginHintOf(login_hint),
  };
};
