import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import type { Table } from '../aws/table.ts';
import { ForeignTransaction, InvalidRequest } from '../errors/errors.ts';
import { text } from '../http/bounded.ts';
import type { HttpResponse, SecuredRequest } from '../middleware/secured.ts';
import { parameter, parseParameters } from '../oauth/parameters.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import { keepCode } from '../store/codes.ts';
import { endTransaction } from '../store/transactions.ts';
import { readCookie, setCookie } from './cookie.ts';
import { redirectTo } from './pages.ts';

const parameters = z.object({
  state: parameter,
  code: z.optional(text(sizes.oauthParameterCharacters)),
  error: z.optional(parameter),
});

/**
 * Cognito sends the browser back. Only the browser that approved comes further, and only once
 * (OAUTH-9): the transaction is deleted by the very write that checks the cookie. Cognito's code
 * stays here; the client gets a one-time code of ours (OAUTH-10).
 * @throws InvalidRequest, ForeignTransaction
 */
export const callback = async (
  request: SecuredRequest,
  table: Table,
  issuer: string,
): Promise<HttpResponse> => {
  const { state, code, error } = parseParameters(parameters, request.query);
  if ((code === undefined) === (error === undefined))
    throw new InvalidRequest({ detail: 'neither a code nor an error' });
  const hash = hashOf(state);
  const cookie = readCookie(request.headers['cookie'], 'login', hash);
  if (cookie === undefined)
    throw new ForeignTransaction({ detail: 'a callback without the cookie of its transaction' });
  const login = await endTransaction(table, hash, hashOf(cookie), request.now);
  if ('fault' in login) throw new ForeignTransaction({ detail: login.fault });
  const { browser: _, state: clientState, ...bound } = login;
  const common = { state: clientState, iss: issuer };
  const cookies = [setCookie('login', hash, '', 0)];
  if (code === undefined) {
    request.logger.warning('Cognito ended a login', {
      detail: error ?? '',
      clientId: bound.clientId,
      profile: bound.profile,
    });
    return redirectTo(
      bound.redirectUri,
      { error: error === 'access_denied' ? error : 'server_error', ...common },
      cookies,
    );
  }
  const ours = newSecret();
  await keepCode(table, hashOf(ours), { ...bound, cognitoCode: code }, request.now);
  return redirectTo(bound.redirectUri, { code: ours, ...common }, cookies);
};
