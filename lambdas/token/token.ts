import { endpoints } from '../../policy/endpoints.ts';
import {
  InvalidClient,
  InvalidGrant,
  InvalidRequest,
  UnsupportedGrantType,
} from '../errors/errors.ts';
import type { Handler } from '../middleware/secured.ts';
import { formOf, type Parameters } from '../oauth/parameters.ts';
import { isOfMachine, issueToMachine } from './machine.ts';
import { redeem } from './redeem.ts';
import { refresh } from './refresh.ts';
import { revoke } from './revoke.ts';
import type { GrantHandler, TokenServices } from './services.ts';

/**
 * `/token` and `/revoke`. At most two table accesses each, and one more to tell a client whose grant
 * is refused that it is not known either.
 */
export const token =
  (services: TokenServices): Handler =>
  async (request) => {
    const form = formOf(request.body, endpoints.token.repeatable);
    const isToken = request.path === endpoints.token.path;
    if (isToken && isOfMachine(form, services)) return issueToMachine(request, form, services);
    // Every other client is a public one: a secret that somebody sends is somebody else's, or made up
    // (RFC 6749 section 5.2).
    if (
      request.headers['authorization'] ||
      form['client_secret'] ||
      form['client_assertion'] ||
      !form['client_id']
    )
      throw new InvalidClient({
        message: 'Clients identify themselves by client_id and authenticate by nothing else.',
        headers: schemeOf(request.headers['authorization']),
      });
    if (request.path === endpoints.revoke.path) return revoke(request, form, services);
    // OAUTH-3: these two grants and, for machines, the one above.
    return grantHandlerOf(form)(request, form, services).catch(async (error: unknown) => {
      const isRefused = error instanceof InvalidGrant;
      if (isRefused && !(await services.registry.knows(form['client_id'] ?? '', request.now)))
        throw new InvalidClient({ fix: registerAnew, cause: error });
      throw error;
    });
  };

/** Client libraries register anew at `invalid_client`; at `invalid_grant` they only log in again. */
const registerAnew = 'Register again: the registration has expired, or was made elsewhere.';

const grantHandlerOf = ({ grant_type: grantType }: Parameters): GrantHandler => {
  switch (grantType) {
    case 'authorization_code':
      return redeem;
    case 'refresh_token':
      return refresh;
    case undefined:
      throw new InvalidRequest({ message: 'The parameter grant_type is missing.' });
    default:
      throw new UnsupportedGrantType();
  }
};

/**
 * RFC 6749 section 5.2: who tried the Authorization header hears of its scheme. API Gateway lets it
 * through as `x-amzn-remapped-www-authenticate` only; docs/clients.md says so.
 */
const schemeOf = (authorization: string | undefined): Readonly<Record<string, string>> =>
  authorization === undefined ? {} : { 'www-authenticate': 'Basic realm="Gatehouse"' };
