import type { LambdaFunction } from '../lambda/function.ts';
import type { Outcome } from '../lambda/instance.ts';
import { isBinary, proxyEvent, type Routed } from './event.ts';
import type { Integration } from './integration.ts';
import {
  functionFailed,
  type Integrated,
  proxyHeaders,
  proxyResponse,
  timedOut,
  tooLong,
} from './proxy-response.ts';
import { quotas } from './quotas.ts';
import { streamResponse } from './streamed-response.ts';

/** Invokes the function of a method and makes its answer the client's. */
export const invokeProxy = async (
  integration: Extract<Integration, { kind: 'lambda' }>,
  routed: Routed,
): Promise<Integrated> => {
  const { lambda, stream, timeoutMilliseconds } = integration;
  const event = proxyEvent(routed);
  if (Buffer.byteLength(event.body ?? '') > quotas.invocationBytes) return tooLong;
  const { traceId } = routed.details;
  if (stream) return streamResponse(lambda, event, { traceId, timeoutMilliseconds });
  const outcome = await withTimeout(lambda, event, { traceId, timeoutMilliseconds });
  return outcome === 'timed out' ? timedOut : bufferedAnswer(outcome, routed);
};

const withTimeout = (
  lambda: LambdaFunction,
  event: unknown,
  {
    traceId,
    timeoutMilliseconds,
  }: { readonly traceId: string; readonly timeoutMilliseconds: number },
): Promise<Outcome | 'timed out'> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timed out'), timeoutMilliseconds);
    lambda.invoke(event, { traceId }).then((outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });

const bufferedAnswer = (outcome: Outcome, { api, request }: Routed): Integrated => {
  if (outcome.kind !== 'result' || outcome.payload.length > quotas.invocationBytes)
    return functionFailed;
  const parsed = proxyResponse.safeParse(JSON.parse(outcome.payload));
  const headers = parsed.success ? proxyHeaders(parsed.data) : undefined;
  if (!parsed.success || headers === undefined) return functionFailed;
  const { statusCode, body, isBase64Encoded } = parsed.data;
  const binary = isBase64Encoded === true && isBinary(api, request.header('accept') ?? '*/*');
  return {
    kind: 'answer',
    answer: {
      status: statusCode,
      headers,
      body: Buffer.from(body ?? '', binary ? 'base64' : 'utf8'),
    },
  };
};
