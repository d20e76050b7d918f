import type { Firewall } from '../firewall/firewall.ts';
import type { Answer } from './answer.ts';
import { authorize } from './authorizer.ts';
import { type Circumstances, circumstancesOf, contextVariables } from './circumstances.ts';
import type { Entry } from './entry.ts';
import { authorizerEvent, methodArnOf, type Routed } from './event.ts';
import type { Refused } from './gateway-responses.ts';
import { invokeProxy } from './lambda-proxy.ts';
import type { ContextVariables } from './mapping.ts';
import { quotas } from './quotas.ts';
import { type GatewayRequest, withHeaders } from './request.ts';
import type { RestApi } from './rest-api.ts';

export interface GatewayOptions {
  readonly api: RestApi;
  readonly entry: Entry;
  /** The web ACL that is associated with the stage. */
  readonly firewall: Firewall;
  readonly onAccess: (line: string) => void;
}

/** An answer, with what the access log says of how it came about. */
interface Played {
  readonly answer: Answer;
  readonly context: ContextVariables;
}

/** API Gateway in front of the functions: takes a request through the template in the order in which AWS does. */
export class Gateway {
  readonly #options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  async answer(request: GatewayRequest): Promise<Answer> {
    const { api, entry, onAccess } = this.#options;
    const circumstances = circumstancesOf(request);
    const path = entry.inside(request.header('host'), request.rawPath);
    // No resource of ours is reached, so nothing of ours (gateway responses, web ACL, log) takes part.
    if (path === undefined) return signed(forbidden, circumstances);
    const { answer, context } = await this.#play(request, path, circumstances);
    if (api.stage.accessLog) {
      const length = answer.body instanceof Buffer ? answer.body.length : undefined;
      onAccess(
        api.stage.accessLog({
          ...context,
          status: answer.status,
          responseLength: length,
          responseLatency: Date.now() - request.receivedAt,
        }),
      );
    }
    return signed(request.tooLarge ? { ...answer, close: true } : answer, circumstances);
  }

  async #play(request: GatewayRequest, path: string, circumstances: Circumstances): Promise<Played> {
    const { api, firewall } = this.#options;
    const context = contextVariables(api, request, circumstances);
    const refuse = (refused: Refused, more: ContextVariables = {}): Played => {
      const full = { ...context, ...more };
      const answer = api.gatewayResponses.answer(refused, request, full);
      return { answer, context: { ...full, error: { responseType: refused.type } } };
    };

    if (headerBytes(request) > quotas.headerBytes)
      return refuse({ type: 'DEFAULT_4XX', status: 431, message: 'Request Header Fields Too Large' });

    const verdict = firewall.inspect(request);
    if (verdict.action === 'block') {
      const waf = { waf: { status: 403 } };
      return verdict.answer ? { answer: verdict.answer, context: { ...context, ...waf } } : refuse({ type: 'WAF_FILTERED' }, waf);
    }
    const inspected = withHeaders(request, verdict.insertedHeaders);

    const match = findRoute(api, request.httpMethod, path);
    if (match === 'malformed') return refuse({ type: 'DEFAULT_4XX', status: 400 });
    if (match === undefined) return refuse({ type: 'MISSING_AUTHENTICATION_TOKEN' });
    const { method } = match;
    const routed: Routed = { api, request: inspected, match, circumstances, path };
    const route: ContextVariables = { resourceId: method.resourceId, resourcePath: method.resourcePath, waf: { status: 200 } };

    const authorization = method.authorizer && (await this.#authorize(routed));
    const authorizer = authorization?.context ?? {};
    if (authorization?.kind === 'refused') return refuse(authorization, { ...route, authorizer: { ...authorizer, status: 200 } });

    const known = { ...route, authorizer: { ...authorizer, ...(authorization && { status: 200 }) } };
    if (method.apiKeyRequired) {
      const key = api.keySource === 'AUTHORIZER' ? authorization?.usageKey : request.header('x-api-key');
      const admission = api.usagePlans.admit(key, request.receivedAt);
      if (admission !== 'admitted') return refuse({ type: admission }, known);
    }
    if (!api.stage.admits(method.httpMethod, method.resourcePath, request.receivedAt)) return refuse({ type: 'THROTTLED' }, known);
    if (request.tooLarge) return refuse({ type: 'REQUEST_TOO_LARGE' }, known);

    if (method.integration.kind === 'mock') {
      const { status, headers, body } = method.integration;
      return {
        answer: { status, headers: [['content-type', 'application/json'], ...headers], body: Buffer.from(body) },
        context: { ...context, ...known },
      };
    }
    const integrated = await invokeProxy(method.integration, { ...routed, ...(authorization && { authorizer }) });
    return integrated.kind === 'answer'
      ? { answer: integrated.answer, context: { ...context, ...known } }
      : refuse(integrated.refused, known);
  }

  async #authorize(routed: Routed) {
    const { authorizer } = routed.match.method;
    if (authorizer === undefined) return undefined;
    const methodArn = methodArnOf(routed);
    return authorize(authorizer, routed.request, authorizerEvent(routed, methodArn), { methodArn, traceId: routed.circumstances.traceId });
  }
}

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
const forbidden: Answer = {
  status: 403,
  headers: [
    ['content-type', 'application/json'],
    ['x-amzn-errortype', 'ForbiddenException'],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

/** The ids that API Gateway puts on every answer. */
const signed = (answer: Answer, { requestId, extendedRequestId }: Circumstances): Answer => ({
  ...answer,
  headers: [...answer.headers, ['x-amzn-requestid', requestId], ['x-amz-apigw-id', extendedRequestId]],
});
