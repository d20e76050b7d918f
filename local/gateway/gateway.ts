import type { Firewall } from '../firewall/web-acl.ts';
import { type Authorizer, type AuthorizerContext, authorize } from './authorizer.ts';
import type { Entry } from './entry.ts';
import { authorizerEvent, methodArnOf, type Routed } from './event.ts';
import type { Refused } from './gateway-responses.ts';
import type { HttpResponse } from './http-response.ts';
import type { Integration } from './integration.ts';
import { invokeProxy } from './lambda-proxy.ts';
import type { ContextVariables } from './mapping.ts';
import type { Integrated } from './proxy-response.ts';
import { quotas } from './quotas.ts';
import { type GatewayRequest, withHeaders } from './request.ts';
import { contextVariables, type RequestDetails, requestDetailsOf } from './request-details.ts';
import type { RestApi } from './rest-api.ts';

export interface GatewayOptions {
  readonly api: RestApi;
  readonly entry: Entry;
  /** The web ACL that is associated with the stage. */
  readonly firewall: Firewall;
  readonly onAccess: (line: string) => void;
}

/** An answer, with what the access log says of how it came about. */
interface Handled {
  readonly answer: HttpResponse;
  readonly context: ContextVariables;
}

/**
 * API Gateway in front of the functions: takes a request through the template in the order in which
 * AWS does.
 */
export class Gateway {
  readonly #options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  async answer(request: GatewayRequest): Promise<HttpResponse> {
    const { api, entry, onAccess } = this.#options;
    const details = requestDetailsOf(request);
    const path = entry.inside(request.header('host'), request.rawPath);
    // No resource of ours is reached, so nothing of ours (gateway responses, web ACL, log) takes
    // part.
    if (path === undefined) return signed(forbidden, details);
    const started = Date.now();
    const { answer, context } = await this.#respond(request, path, details);
    if (api.stage.accessLog) {
      const length = answer.body instanceof Buffer ? answer.body.length : undefined;
      onAccess(
        api.stage.accessLog({
          ...context,
          status: answer.status,
          responseLength: length,
          responseLatency: Date.now() - started,
        }),
      );
    }
    return signed(request.tooLarge ? { ...answer, close: true } : answer, details);
  }

  async #respond(request: GatewayRequest, path: string, details: RequestDetails): Promise<Handled> {
    const { api, firewall } = this.#options;
    const context = contextVariables(api, request, details);
    const refuse = (refused: Refused, more: ContextVariables = {}): Handled => {
      const full = { ...context, ...more };
      const response = api.gatewayResponses.answer(refused, request, full);
      return { answer: response, context: { ...full, error: { responseType: refused.type } } };
    };

    if (headerBytes(request) > quotas.headerBytes)
      return refuse({
        type: 'DEFAULT_4XX',
        status: 431,
        message: 'Request Header Fields Too Large',
      });

    const verdict = firewall.inspect(request);
    if (verdict.action === 'block') {
      const waf = { waf: { status: 403 } };
      return verdict.answer
        ? { answer: verdict.answer, context: { ...context, ...waf } }
        : refuse({ type: 'WAF_FILTERED' }, waf);
    }
    const inspected = withHeaders(request, verdict.insertedHeaders);

    const match = findRoute(api, request.httpMethod, path);
    if (match === 'malformed') return refuse({ type: 'DEFAULT_4XX', status: 400 });
    if (match === undefined) return refuse({ type: 'MISSING_AUTHENTICATION_TOKEN' });
    const routed: Routed = { api, request: inspected, match, details, path };
    const admission = await admit(routed);
    if (admission.refused) return refuse(admission.refused, admission.context);
    // "Execution failed due to configuration error: Invalid permissions on Lambda function".
    if (!match.method.mayInvoke)
      return refuse({ type: 'API_CONFIGURATION_ERROR' }, admission.context);

    const started = Date.now();
    const integrated = await integrate(
      match.method.integration,
      admission.authorizer ? { ...routed, authorizer: admission.authorizer } : routed,
    );
    const known = { ...admission.context, integrationLatency: Date.now() - started };
    return integrated.kind === 'answer'
      ? { answer: integrated.answer, context: { ...context, ...known } }
      : refuse(integrated.refused, known);
  }
}

/**
 * What stands between a route and its integration: authorizer, usage plan, method throttle, size.
 */
interface Admission {
  readonly refused?: Refused;
  readonly authorizer?: AuthorizerContext;
  /** What templates may read of it. */
  readonly context: ContextVariables;
}

const admit = async (routed: Routed): Promise<Admission> => {
  const { api, request, match } = routed;
  const { method } = match;
  const route: ContextVariables = {
    resourceId: method.resourceId,
    resourcePath: method.resourcePath,
    waf: { status: 200 },
  };
  const started = Date.now();
  const authorization = method.authorizer && (await askAuthorizer(method.authorizer, routed));
  const context = authorization
    ? {
        ...route,
        authorizer: { ...authorization.context, status: 200, latency: Date.now() - started },
      }
    : route;
  if (authorization?.kind === 'refused') return { refused: authorization, context };
  if (method.apiKeyRequired) {
    const key =
      api.keySource === 'AUTHORIZER' ? authorization?.usageKey : request.header('x-api-key');
    const admission = api.usagePlans.admit(key, request.receivedAt);
    if (admission !== 'admitted') return { refused: { type: admission }, context };
  }
  if (!api.stage.admits(method.httpMethod, method.resourcePath, request.receivedAt))
    return { refused: { type: 'THROTTLED' }, context };
  if (request.tooLarge) return { refused: { type: 'REQUEST_TOO_LARGE' }, context };
  return authorization ? { authorizer: authorization.context, context } : { context };
};

const askAuthorizer = (authorizer: Authorizer, routed: Routed) => {
  const methodArn = methodArnOf(routed);
  return authorize(authorizer, routed.request, authorizerEvent(routed, methodArn), {
    methodArn,
    traceId: routed.details.traceId,
  });
};

const integrate = async (integration: Integration, routed: Routed): Promise<Integrated> => {
  if (integration.kind === 'lambda') return invokeProxy(integration, routed);
  const { status, headers, body } = integration;
  return {
    kind: 'answer',
    answer: {
      status,
      headers: [['content-type', 'application/json'], ...headers],
      body: Buffer.from(body),
    },
  };
};

const findRoute = (api: RestApi, httpMethod: string, path: string) => {
  try {
    return api.routes.find(httpMethod, path);
  } catch {
    return 'malformed';
  }
};

const headerBytes = (request: GatewayRequest): number =>
  request.httpMethod.length +
  request.rawPath.length +
  request.rawQuery.length +
  request.headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);

/** What API Gateway says where no API answers. */
const forbidden: HttpResponse = {
  status: 403,
  headers: [
    ['content-type', 'application/json'],
    ['x-amzn-errortype', 'ForbiddenException'],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

/** The ids that API Gateway puts on every answer. */
const signed = (
  answer: HttpResponse,
  { requestId, extendedRequestId }: RequestDetails,
): HttpResponse => ({
  ...answer,
  headers: [
    ...answer.headers,
    ['x-amzn-requestid', requestId],
    ['x-amz-apigw-id', extendedRequestId],
  ],
});
