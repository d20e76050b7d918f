import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import { propertiesOf, type Stack } from '../template/stack.ts';
import type { ResolvedResource } from '../template/template.ts';
import {
  type GatewayResponseType,
  gatewayResponseTypes,
  isGatewayResponseType,
} from './gateway-response-types.ts';
import type { Headers, HttpResponse } from './http-response.ts';
import {
  type ContextVariables,
  compileTemplate,
  contextVariable,
  type RenderTemplate,
} from './mapping.ts';
import type { GatewayRequest } from './request.ts';

const properties = z.strictObject({
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
  ResponseType: z.string().refine(isGatewayResponseType, 'is not a gateway response type'),
  RestApiId: z.string(),
  StatusCode: z
    .string()
    .regex(/^\d{3}$/)
    .optional(),
});

type Source = (request: GatewayRequest, context: ContextVariables) => string | undefined;

interface GatewayResponse {
  readonly status?: number;
  readonly headers: readonly (readonly [string, Source])[];
  readonly templates: readonly (readonly [string, RenderTemplate])[];
}

export interface Refused {
  readonly type: GatewayResponseType;
  /** Where AWS's own message differs from the type's. */
  readonly message?: string;
  /**
   * Where the type's own status would not say it (DEFAULT_4XX). A status in the template goes
   * before it.
   */
  readonly status?: number;
}

export interface GatewayResponses {
  /** What API Gateway answers when it refuses. `context` gains `error` and `status`. */
  readonly answer: (
    refused: Refused,
    request: GatewayRequest,
    context: ContextVariables,
  ) => HttpResponse;
}

export const readGatewayResponses = (stack: Stack): GatewayResponses => {
  const customized = new Map(stack.resources('AWS::ApiGateway::GatewayResponse').map(readOne));
  return {
    answer: ({ type, ...refused }, request, context) => {
      const [ownStatus, ownMessage, errorType] = gatewayResponseTypes[type];
      const fallback = ownStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
      const response = customized.get(type) ?? customized.get(fallback);
      const status = response?.status ?? refused.status ?? ownStatus;
      const message = refused.message ?? ownMessage;
      const error = {
        message,
        messageString: message === '' ? 'null' : JSON.stringify(message),
        responseType: type,
      };
      const full = { ...context, error, status };
      const [contentType, render] = chooseTemplate(
        response?.templates ?? [],
        request.header('accept'),
      );
      const own: Headers = [
        ['content-type', contentType],
        ['x-amzn-errortype', errorType],
      ];
      const mapped = mappedHeaders(response, request, full);
      return {
        status,
        headers: [
          ...own.filter(([name]) => !mapped.some(([other]) => other.toLowerCase() === name)),
          ...mapped,
        ],
        body: Buffer.from(render(full)),
        responseType: type,
      };
    },
  };
};

/** A header whose source is absent is left out. */
const mappedHeaders = (
  response: GatewayResponse | undefined,
  request: GatewayRequest,
  context: ContextVariables,
): Headers =>
  (response?.headers ?? []).flatMap(([name, source]) => {
    const value = source(request, context);
    return value === undefined ? [] : [[name, value] as const];
  });

const ownTemplate: RenderTemplate = (context) =>
  `{"message":${contextVariable(context, 'error.messageString') ?? 'null'}}`;

/** The template for a media type that the request accepts by name, else JSON's, else the first. */
const chooseTemplate = (
  templates: GatewayResponse['templates'],
  accept: string | undefined,
): readonly [string, RenderTemplate] => {
  const accepted = (accept ?? '')
    .split(',')
    .map((range) => range.split(';')[0]?.trim().toLowerCase());
  const chosen =
    templates.find(([type]) => accepted.includes(type)) ??
    templates.find(([type]) => type === 'application/json') ??
    templates[0];
  return chosen ?? ['application/json', ownTemplate];
};

const readOne = (resource: ResolvedResource): readonly [GatewayResponseType, GatewayResponse] => {
  const { ResponseParameters, ResponseTemplates, ResponseType, StatusCode } = propertiesOf(
    properties,
    resource,
  );
  const where = resource.logicalId;
  return [
    ResponseType,
    {
      ...(StatusCode !== undefined && { status: Number(StatusCode) }),
      headers: Object.entries(ResponseParameters).map(([parameter, value]) => {
        const name = /^gatewayresponse\.header\.(.+)$/.exec(parameter)?.[1];
        if (name === undefined)
          throw new StartupFailure(
            `${where} sets ${parameter}; gateway responses set only gatewayresponse.header.*`,
          );
        return [name, sourceOf(value, `${where}.${parameter}`)] as const;
      }),
      templates: Object.entries(ResponseTemplates).map(
        ([type, template]) =>
          [type.toLowerCase(), compileTemplate(template, `${where}.${type}`)] as const,
      ),
    },
  ];
};

/**
 * Where a header's value comes from: text in single quotes, the request, or the few context
 * variables that are allowed there.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
const sourceOf = (mapping: string, where: string): Source => {
  const text = /^'([\s\S]*)'$/.exec(mapping)?.[1];
  if (text !== undefined) return () => text;
  const [, part, name] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(mapping) ?? [];
  if (part === 'header' && name !== undefined) return (request) => request.header(name);
  if (part === 'querystring' && name !== undefined)
    return (request) => request.query.get(name)?.at(-1);
  if (mapping === 'context.requestId') return (_, context) => contextVariable(context, 'requestId');
  throw new StartupFailure(
    `${where} is ${mapping}, which the local runtime can't map (local/gateway/gateway-responses.ts).`,
  );
};
