import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, TableError, TableRefused } from '../aws/table-error.ts';
import { HttpError, OutOfTime, TemporarilyUnavailable, Unexpected } from '../errors/errors.ts';
import { type ErrorShape, renderError } from '../errors/render-error.ts';
import type { SecuredRequest } from '../http/request.ts';
import type { SafeFields } from '../logging/safe-logger.ts';
import { userHash } from '../logging/user-hash.ts';
import { type Middleware, requestOf } from './request-context.ts';

/**
 * ERR-1 to ERR-3: turns whatever was thrown into an answer of the endpoint's shape, and reports it.
 * Not `@middy/http-error-handler`: it knows one shape, and logs the error as it is.
 */
export const renderErrors = (shape: ErrorShape): Middleware => ({
  onError: (request) => {
    const refused = requestOf(request.event);
    const refusal = toHttpError(request.error);
    reportError(refusal, refused);
    request.response = renderError(refusal, shape, refused.requestId);
  },
});

/** The refusal that an error amounts to. */
export const toHttpError = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  // A condition that nobody caught or a request that DynamoDB rejects is our own mistake; the other
  // table errors pass by themselves.
  if (
    error instanceof TableError &&
    !(error instanceof ConditionFailed) &&
    !(error instanceof TableRefused)
  ) {
    return new TemporarilyUnavailable({
      cause: error,
      retryAfterSeconds: lifetimes.retryAfterSeconds,
    });
  }
  // Middy's early timeout, shortly before Lambda would cut the function off without an answer.
  if (error instanceof Error && error.name === 'TimeoutError')
    return new OutOfTime({ cause: error });
  return new Unexpected({ cause: error });
};

/**
 * Logs a refusal, with its security event. A handler does it itself only where it answers a refusal
 * by a redirect.
 */
export const reportError = (
  refusal: HttpError,
  request: SecuredRequest,
  about: HttpError['about'] = refusal.about,
): void => {
  const { origin } = request.headers;
  const fields: SafeFields = {
    code: refusal.code,
    status: refusal.status,
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
    ...(refusal.detail !== undefined && { detail: refusal.detail }),
    ...(refusal.cause !== undefined && { cause: refusal.cause }),
    ...(refusal.retryAfterSeconds !== undefined && {
      retryAfterSeconds: refusal.retryAfterSeconds,
    }),
  };
  if (refusal.event) request.securityEvent(refusal.event, fields);
  else if (refusal.status >= 500) request.logger.error('Request failed', fields);
  else request.logger.warning('Request refused', fields);
};
