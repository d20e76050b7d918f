import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { quotas } from './quotas.ts';

/** What stands behind a method. */
export type Integration =
  | {
      readonly kind: 'lambda';
      readonly lambda: LambdaFunction;
      /** What is invoked: the function, or a version or an alias of it. */
      readonly functionArn: string;
      /** Passes the response on as it is written, instead of when it is whole. */
      readonly stream: boolean;
      readonly timeoutMilliseconds: number;
    }
  | {
      readonly kind: 'mock';
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
    };

const mockResponse = z.strictObject({
  StatusCode: z.string(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
  SelectionPattern: z.string().optional(),
});

export const integrationProperties = z.discriminatedUnion('Type', [
  z.strictObject({
    Type: z.literal('AWS_PROXY'),
    IntegrationHttpMethod: z.literal('POST'),
    Uri: z.string(),
    TimeoutInMillis: z.int().default(quotas.integrationMilliseconds),
    ResponseTransferMode: z.enum(['BUFFERED', 'STREAM']).default('BUFFERED'),
    // A permission (IAM), not a behaviour.
    Credentials: z.string().optional(),
  }),
  z.strictObject({
    Type: z.literal('MOCK'),
    RequestTemplates: z.record(z.string(), z.string()).default({}),
    IntegrationResponses: z.array(mockResponse).default([]),
    PassthroughBehavior: z.string().optional(),
  }),
]);

type Properties = z.infer<typeof integrationProperties>;

/**
 * The ARN of the function that an invocation URI names, and whether it names the streaming
 * invocation.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export const parseInvocationUri = (
  uri: string,
): { readonly functionArn: string; readonly stream: boolean } | undefined => {
  const [, version, functionArn, action] =
    /:lambda:path\/([\d-]+)\/functions\/(arn:[^/]+)\/([\w-]+)$/.exec(uri) ?? [];
  if (functionArn === undefined) return undefined;
  if (version === '2015-03-31' && action === 'invocations') return { functionArn, stream: false };
  if (version === '2021-11-15' && action === 'response-streaming-invocations')
    return { functionArn, stream: true };
  return undefined;
};

export const readIntegration = (
  properties: Properties,
  functions: ReadonlyMap<string, LambdaFunction>,
  where: string,
): Integration => {
  if (properties.Type === 'MOCK') return readMock(properties, where);
  const target = parseInvocationUri(properties.Uri);
  const lambda = functions.get(target?.functionArn ?? '');
  const stream = properties.ResponseTransferMode === 'STREAM';
  if (lambda === undefined || target === undefined || target.stream !== stream) {
    throw new StartupFailure(
      `${where}.Integration.Uri is ${properties.Uri}, which does not invoke a function of the template in the mode ${properties.ResponseTransferMode}.`,
    );
  }
  return {
    kind: 'lambda',
    lambda,
    functionArn: target.functionArn,
    stream,
    timeoutMilliseconds: properties.TimeoutInMillis,
  };
};

/**
 * A MOCK as CDK writes it: a request template that only picks the status, and one response with
 * static headers and body.
 */
const readMock = (
  { RequestTemplates, IntegrationResponses }: Extract<Properties, { Type: 'MOCK' }>,
  where: string,
): Integration => {
  const status = /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(
    RequestTemplates['application/json'] ?? '',
  )?.[1];
  const [response, ...others] = IntegrationResponses;
  if (
    status === undefined ||
    response === undefined ||
    others.length > 0 ||
    response.SelectionPattern !== undefined
  ) {
    throw new StartupFailure(
      `${where}.Integration is a MOCK of a kind that the local runtime does not emulate: one status, one response.`,
    );
  }
  const headers = Object.entries(response.ResponseParameters).map(([parameter, value]) => {
    const name = /^method\.response\.header\.(.+)$/.exec(parameter)?.[1];
    const text = /^'([\s\S]*)'$/.exec(value)?.[1];
    if (name === undefined || text === undefined)
      throw new StartupFailure(`${where}: a MOCK's ${parameter} is not a static header.`);
    return [name, text] as const;
  });
  const body = response.ResponseTemplates['application/json'] ?? '';
  if (/[$#]/.test(body))
    throw new StartupFailure(
      `${where}: a MOCK's body is a Velocity template, which the local runtime does not render.`,
    );
  return { kind: 'mock', status: Number(response.StatusCode), headers, body };
};
