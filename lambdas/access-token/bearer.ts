import { InvalidToken, MissingToken } from '../errors/errors.ts';

/**
 * The token of an `Authorization` header (RFC 6750 section 2.1): the scheme in any case, one space,
 * the token.
 *
 * @throws MissingToken without a header or with another scheme, InvalidToken when nothing that
 * could be a token follows
 */
export const bearerToken = (authorization: string | undefined): string => {
  if (!authorization) throw new MissingToken();
  const [scheme, token, ...rest] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'bearer')
    throw new MissingToken({ detail: 'another authorization scheme' });
  if (!token || rest.length > 0)
    throw new InvalidToken({ detail: 'not one token after the scheme' });
  return token;
};
