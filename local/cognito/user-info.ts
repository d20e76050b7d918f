import { jsonReply, type LoopbackRequest, type LoopbackResponse } from '../loopback/request.ts';
import type { Pool } from './pool.ts';

const refused = (status: number, error: string, description: string): LoopbackResponse =>
  jsonReply(
    status,
    { error, error_description: description },
    { 'www-authenticate': `Bearer error="${error}", error_description="${description}"` },
  );

/** `GET /oauth2/userInfo`: attributes for an access token with the scope `openid`. */
export const userInfo = async (
  pool: Pool,
  { headers }: LoopbackRequest,
): Promise<LoopbackResponse> => {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const claims = bearer === undefined ? undefined : await pool.keys.readAccessToken(bearer);
  const { sub, exp, scope, origin_jti: originJti } = claims ?? {};
  const isLive =
    typeof exp === 'number' &&
    pool.now() < exp &&
    typeof originJti === 'string' &&
    !pool.grants.isRevoked(originJti);
  const person = typeof sub === 'string' && isLive ? pool.directory.bySub(sub) : undefined;
  if (!person) return refused(401, 'invalid_token', 'Access token is expired or has been revoked');
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  if (!scopes.includes('openid'))
    return refused(403, 'insufficient_scope', 'Access token does not contain openid scope');
  return jsonReply(200, {
    sub: person.sub,
    ...(scopes.includes('email') && {
      email_verified: person.attributes['email_verified'],
      email: person.email,
    }),
    username: person.username,
  });
};
