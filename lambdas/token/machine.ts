import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import {
  type Machine,
  machineBounds,
  machineProfile,
  machineSubject,
} from '../../policy/machines.ts';
import { parseScopes } from '../configuration/scopes.ts';
import {
  BlockedGrant,
  InvalidClient,
  InvalidRequest,
  InvalidScope,
  TemporarilyUnavailable,
} from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import { userHash } from '../logging/user-hash.ts';
import type { SecuredRequest } from '../middleware/secured.ts';
import { askAsMachine } from '../oauth/cognito.ts';
import { type Parameters, parameter, parseParameters, valuesOf } from '../oauth/parameters.ts';
import { canonicalResource } from '../oauth/resource-indicator.ts';
import { isBlocked, userKey } from '../store/users.ts';
import { accessTokenMembers, tokenHeaders } from './cognito-tokens.ts';
import type { GrantHandler, TokenServices } from './services.ts';

interface Credentials {
  readonly id: string;
  readonly secret: string;
}

const scopeRequest = z.object({ scope: z.optional(parameter) });

/** What Cognito's answer to a machine holds: no refresh token, no ID token. */
const machineTokens = z.object({ access_token: text(sizes.tokenBytes), expires_in: z.number() });

const claims = z.object({
  sub: text(sizes.oauthParameterCharacters),
  client_id: text(sizes.oauthParameterCharacters),
  scope: text(sizes.oauthParameterCharacters),
});

/**
 * `grant_type=client_credentials` (RFC 6749 section 4.4), for the machines of the configuration
 * alone. Their secret is Cognito's: it is passed on and kept nowhere. One table access, which asks
 * whether the machine is blocked.
 * @throws InvalidClient, InvalidRequest, InvalidScope, InvalidTarget, BlockedGrant,
 * TemporarilyUnavailable
 */
export const issueToMachine: GrantHandler = async (request, form, services) => {
  const { settings, table, machines } = services;
  const credentials = credentialsOf(request, form);
  const machine = machines.get(credentials.id);
  // What cannot be a secret of Cognito's is not worth a call.
  if (machine === undefined || !machineBounds.secret.test(credentials.secret))
    throw unknown(request);
  const { RESOURCE_URL: resource, ISSUER_URL: issuer } = settings;
  canonicalResource(valuesOf(request.body, 'resource'), resource, issuer);
  const scopes = scopesOf(parseParameters(scopeRequest, form).scope, machine);
  const subject = machineSubject(machine.name);
  const about = { user: userHash(subject), clientId: credentials.id };
  const tokens = await askAsMachine(
    new URL('/oauth2/token', settings.COGNITO_DOMAIN),
    credentials,
    { grant_type: 'client_credentials', scope: scopes.join(' ') },
    machineTokens,
  );
  if (!tokens) throw unknown(request);
  const item = await table.get(userKey(subject), { consistent: true });
  // Only who knows the secret hears of it.
  const who = {
    sub: subject,
    clientId: credentials.id,
    profile: machineProfile(machine.name),
    groups: machine.groups,
  };
  if (isBlocked(item)) {
    const refused = new BlockedGrant({ about });
    request.trail('login', { ...who, outcome: 'refused', code: refused.code });
    throw refused;
  }
  const granted = scopeOf(tokens.access_token, credentials.id);
  request.trail('login', { ...who, scope: granted, outcome: 'ok' });
  return {
    statusCode: 200,
    headers: { ...tokenHeaders },
    body: JSON.stringify(accessTokenMembers(tokens, granted, scopes)),
  };
};

/**
 * What it asks for, of what it has. Clients ask for everything that the metadata list, so what is
 * beyond is left out rather than refused (RFC 6749 section 3.3: the answer says what was granted).
 */
const scopesOf = (requested: string | undefined, { scopes }: Machine): readonly string[] => {
  const wanted = parseScopes(requested ?? '');
  if (wanted.length === 0) return scopes;
  const granted = scopes.filter((scope) => wanted.includes(scope));
  if (granted.length === 0) throw new InvalidScope();
  return granted;
};

/** Whether a request to `/token` is a machine's: with none in the configuration, none is. */
export const isOfMachine = (form: Parameters, { machines }: TokenServices): boolean =>
  machines.size > 0 && form['grant_type'] === 'client_credentials';

const credentialsOf = (request: SecuredRequest, form: Parameters): Credentials => {
  const { authorization } = request.headers;
  const { client_id: id, client_secret: secret, client_assertion: assertion } = form;
  // docs/decisions/0015: Cognito knows secrets alone.
  if (assertion !== undefined)
    throw new InvalidClient({
      message: 'A machine authenticates by its secret here, and by no assertion.',
    });
  if (authorization === undefined) {
    if (id === undefined || secret === undefined) throw unknown(request);
    return { id, secret };
  }
  // RFC 6749 section 2.3: one method a request.
  if (secret !== undefined)
    throw new InvalidRequest({ message: 'The client authenticates in two ways at once.' });
  const basic = basicCredentials(authorization);
  if (!basic || (id !== undefined && id !== basic.id)) throw unknown(request);
  return basic;
};

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
const basicCredentials = (authorization: string): Credentials | undefined => {
  const encoded = /^basic ([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(authorization)?.[1];
  const [, id, secret] =
    /^([^:]+):(.+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    // A `+` that was not encoded stays one: Cognito's secrets hold no space.
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return undefined;
  }
};

/** One refusal for an unknown machine and for a wrong secret. */
const unknown = ({ headers: { authorization } }: SecuredRequest): InvalidClient =>
  new InvalidClient({
    message: 'The client id or the secret is wrong.',
    ...(authorization !== undefined && {
      headers: { 'www-authenticate': 'Basic realm="Gatehouse"' },
    }),
  });

/** Read, not verified: it came from Cognito over TLS a moment ago, and `/mcp` verifies it. */
const scopeOf = (accessToken: string, id: string): string => {
  try {
    const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { sub, client_id, scope } = claims.parse(JSON.parse(payload));
    if (sub !== id || client_id !== id) throw new Error('a token of somebody else');
    return scope;
  } catch (cause) {
    throw new TemporarilyUnavailable({ detail: "Cognito's access token makes no sense", cause });
  }
};
