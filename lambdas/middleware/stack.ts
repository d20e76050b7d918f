import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import headerNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { timeouts } from '../../policy/limits.ts';
import type { Handler, HttpResponse } from '../http/request.ts';
import { log } from '../logging/log.ts';
import { countEvents } from '../logging/security-events.ts';
import { authentication } from './authentication.ts';
import { body, json } from './body.ts';
import { foreignOrigins, preflightResponse } from './cors.ts';
import { gatewayResponse } from './gateway-response.ts';
import { misplacedToken } from './misplaced-token.ts';
import type { StackOptions } from './options.ts';
import { renderErrors } from './render-errors.ts';
import { type Middleware, requestContext, requestOf } from './request-context.ts';
import { requestShape } from './request-shape.ts';
import { responseHeaders } from './response-headers.ts';
import { batchLimit, userLimit } from './user-limit.ts';

export type { Handler, HttpResponse } from '../http/request.ts';

/** A preflight carries neither token nor body: the guards for those let it pass. */
const exceptPreflight = ({ before }: Middleware): Middleware => ({
  before: (request) => (request.event.httpMethod === 'OPTIONS' ? undefined : before?.(request)),
});

/**
 * The security stack around a handler; functions call it by `secured`.
 *
 * The order. On the way in, Middy runs `before` from top to bottom: first what names the request (a
 * refusal without an id helps nobody), then the checks from cheap to dear and from what concerns
 * anybody to what concerns one user: shape, origin, token, limit, size, JSON. So nothing is read of
 * a stranger's body, and every request of a user counts, whatever its body is. On the way out
 * `after` and `onError` run from bottom to top: the last two middlewares here render the error and
 * make a response of it, then CORS and the header table are laid over it exactly as over a
 * handler's response, and the first one hands it to API Gateway. No path leaves out the headers.
 */
export const securityStack = (options: StackOptions, handler: Handler) => {
  const { service, settings, clock = () => new Date() } = options;
  const respond = async (event: APIGatewayProxyEvent): Promise<HttpResponse> =>
    event.httpMethod === 'OPTIONS' ? preflightResponse : handler(requestOf(event));

  const stack = middy<APIGatewayProxyEvent, HttpResponse, unknown, Context>({
    timeoutEarlyInMillis: timeouts.earlyMilliseconds,
  }).handler(respond);

  const requestLog = log({
    service,
    environment: settings.ENVIRONMENT,
    sensitive: settings.LOG_SENSITIVE_DATA,
    subjects: settings.AUDIT_SUBJECT,
  });
  stack.use(gatewayResponse(options.streams === true));
  stack.use(headerNormalizer());
  stack.use(requestContext(settings, { log: requestLog, count: countEvents(), clock }));
  stack.use(responseHeaders(options));
  stack.use(requestShape());
  if (options.cors === 'cross-origin') stack.use(foreignOrigins(options));
  if (options.authenticate) stack.use(exceptPreflight(authentication(options.authenticate)));
  if (options.limitUser)
    stack.use(exceptPreflight(userLimit(options.limitUser, options.limitedTools)));
  stack.use(exceptPreflight(body(options.bodies)));
  stack.use(exceptPreflight(json()));
  stack.use(exceptPreflight(misplacedToken()));
  if (options.limitUser) stack.use(exceptPreflight(batchLimit(options.limitUser)));
  stack.use(httpErrorHandler({ logger: false }));
  stack.use(renderErrors(options.errors, options.brand ?? null));
  return stack;
};
