import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { CallLimit } from '../../policy/limits.ts';
import { Unexpected } from '../errors/errors.ts';
import { clientAddress } from '../http/client-address.ts';
import type { HttpResponse, SecuredRequest } from '../http/request.ts';
import type { Correlation, Log } from '../logging/log.ts';
import type { CountEvent } from '../logging/security-events.ts';
import type { HttpSettings } from './options.ts';

/** A request on its way through the stack: the middlewares fill in what the handler reads. */
export type MutableRequest = {
  -readonly [Field in keyof SecuredRequest]: SecuredRequest[Field];
} & {
  /** What the first call of it was counted with, for the rest of a batch. */
  personalLimit?: CallLimit;
};

/**
 * A middleware of the stack. The response is the handler's until `gatewayResponse` writes it as API
 * Gateway reads it.
 */
export type Middleware = MiddlewareObj<APIGatewayProxyEvent, HttpResponse, unknown, Context>;

// Beside the event and not on it: the event stays what API Gateway sent.
const requests = new WeakMap<APIGatewayProxyEvent, MutableRequest>();

/** The request that was opened for an event. */
export const requestOf = (event: APIGatewayProxyEvent): MutableRequest => {
  const request = requests.get(event);
  if (!request)
    throw new Unexpected({ detail: 'the request was not opened before this middleware' });
  return request;
};

const traceId = (traceparent: string | undefined): string | undefined =>
  traceparent && /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1];

/**
 * Opens a request: its id, logger, clock and client address. Refuses nothing, so that whatever is
 * refused later has an id and a logger to be refused with.
 */
export const requestContext = (
  settings: HttpSettings,
  {
    log,
    count,
    clock,
  }: { readonly log: Log; readonly count: CountEvent; readonly clock: () => Date },
): Middleware => ({
  before: ({ event, context }) => {
    const { requestId, resourcePath } = event.requestContext;
    const correlation: Correlation = {
      requestId,
      endpoint: resourcePath,
      traceId: traceId(event.headers?.['traceparent']),
    };
    const logger = log(correlation);
    requests.set(event, {
      event,
      method: event.httpMethod,
      // API Gateway routes `/mcp/` and `/%6dcp` to `/mcp`; the resource says what it decided, the
      // path what the caller typed.
      path: resourcePath.includes('{') ? event.path.replace(/(.)\/$/, '$1') : resourcePath,
      headers: {},
      query: {},
      repeatedQuery: {},
      body: '',
      json: undefined,
      sourceIp: clientAddress(
        event.requestContext.identity.sourceIp,
        event.headers,
        settings.TRUSTED_PROXY_HEADER,
      ),
      requestId,
      now: clock(),
      logger,
      remainingMilliseconds: () => context.getRemainingTimeInMillis(),
      correlate: (traceparent) => {
        correlation.traceId = traceId(traceparent) ?? correlation.traceId;
      },
      securityEvent: (name, fields = {}) => {
        logger.event(name, fields);
        count(name, resourcePath);
      },
      trail: (kind, entry) => {
        const { caller, sourceIp } = requestOf(event);
        logger.trail(kind, {
          ...(caller && {
            sub: caller.sub,
            clientId: caller.clientId,
            profile: caller.profile,
            groups: caller.groups,
          }),
          sourceIp,
          ...entry,
        });
      },
    });
  },
});
