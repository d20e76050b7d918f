import middy from '@middy/core';
import headerNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { timeouts } from '../../policy/limits.ts';
import type { Handler, HttpResponse } from '../http/request.ts';
import { log } from '../logging/log.ts';
import { countEvents } from '../logging/security-events.ts';
import { authentication } from './authentication.ts';
import { body, json } from './body.ts';
import { cors, preflightResponse } from './cors.ts';
import { gatewayResponse } from './gateway-response.ts';
import { misplacedToken } from './misplaced-token.ts';
import type { SecuredOptions } from './options.ts';
import { renderErrors } from './render-errors.ts';
import { type Middleware, openRequest, requestOf } from './request-context.ts';
import { requestShape } from './request-shape.ts';
import { securityHeaders } from './security-headers.ts';
import { userLimit } from './user-limit.ts';

export type { Handler, HttpResponse, SecuredRequest } from '../http/request.ts';
export type { SecuredOptions } from './options.ts';

/** A preflight carries neither token nor body: the guards for those let it pass to its answer. */
const exceptPreflight = ({ before }: Middleware): Middleware => ({
  before: (request) => (request.event.httpMethod === 'OPTIONS' ? undefined : before?.(request)),
});

/**
 * The security stack around a handler: the one import that an HTTP function needs.
 *
 * The order. On the way in, Middy runs `before` from top to bottom: first what names the request (a
 * refusal without an id helps nobody), then the checks from cheap to dear and from what concerns
 * anybody to what concerns one user: shape, origin, size, token, JSON, limit. So nothing is parsed
 * for a stranger, and a refused request never counts against its user's limit. On the way out
 * `after` and `onError` run from bottom to top: the last middleware here writes the refusal, then
 * CORS and the header table are laid over it exactly as over a handler's answer, and the first one
 * hands it to API Gateway. No path leaves out the headers.
 */
export const secured = (options: SecuredOptions, handler: Handler) => {
  const { service, settings, clock = () => new Date() } = options;
  const answer = (event: APIGatewayProxyEvent): Promise<HttpResponse> | HttpResponse =>
    event.httpMethod === 'OPTIONS' ? preflightResponse : handler(requestOf(event));

  const stack = middy<APIGatewayProxyEvent, HttpResponse, unknown, Context>({
    timeoutEarlyInMillis: timeouts.earlyMilliseconds,
    ...(options.stream && { executionMode: options.stream }),
  }).handler(answer);

  const requestLog = log({
    service,
    environment: settings.ENVIRONMENT,
    sensitive: settings.LOG_SENSITIVE_DATA,
  });
  stack.use(gatewayResponse({ stream: options.stream !== undefined }));
  stack.use(headerNormalizer());
  stack.use(openRequest(settings, { log: requestLog, count: countEvents(service), clock }));
  stack.use(securityHeaders(settings.ENVIRONMENT));
  stack.use(requestShape());
  stack.use(cors(options));
  stack.use(exceptPreflight(body(options.bodies)));
  if (options.authenticate) stack.use(exceptPreflight(authentication(options.authenticate)));
  stack.use(exceptPreflight(json()));
  stack.use(exceptPreflight(misplacedToken()));
  if (options.limitUser) stack.use(exceptPreflight(userLimit(options.limitUser)));
  stack.use(renderErrors(options.errors));
  return stack;
};
