import type { SecuredRequest } from '../http/request.ts';
import type { SafeFields } from '../logging/safe-logger.ts';
import { userHash } from '../logging/user-hash.ts';
import type { HttpError } from './errors.ts';

/**
 * Logs an error, with its security event. A handler does it itself only where it answers an error
 * by a redirect.
 */
export const reportError = (
  error: HttpError,
  request: SecuredRequest,
  about: HttpError['about'] = error.about,
): void => {
  const { origin } = request.headers;
  const fields: SafeFields = {
    code: error.code,
    status: error.status,
    method: request.method,
    path: request.path,
    sourceIp: request.sourceIp,
    ...(origin !== undefined && { origin }),
    ...(request.caller && {
      user: userHash(request.caller.sub),
      profile: request.caller.profile,
      clientId: request.caller.clientId,
    }),
    ...about,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.cause !== undefined && { cause: error.cause }),
    ...(error.retryAfterSeconds !== undefined && {
      retryAfterSeconds: error.retryAfterSeconds,
    }),
  };
  if (error.event) request.securityEvent(error.event, fields);
  else if (error.status >= 500) request.logger.error('Request failed', fields);
  else request.logger.warning('Request refused', fields);
};
