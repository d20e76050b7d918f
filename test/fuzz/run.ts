import { writeSync } from 'node:fs';
import type { APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import { awslambda, ResponseStream } from '../../local/lambda/response-stream.ts';
import { headerTable } from '../../policy/headers.ts';
import { policyEndpoints } from '../e2e/runtime/routes.ts';
import { deployment } from './deployment.ts';
import { type FuzzedRequest, fuzzedRequest } from './requests.ts';

/*
 * A process of its own (handlers.test.ts bundles and starts it), so that a rejection which nobody handles is seen, the heap is only
 * ours, and no test runner's globals stand between: `node --expose-gc run.mjs <requests> <seed>`. Prints a report as JSON.
 */
Object.assign(globalThis, { awslambda });
const [requests = 1000, seed = 1] = process.argv.slice(2).map(Number);
const batch = 2500;

const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
process.on('uncaughtException', (error) => unhandled.push(String(error.stack)));

let lines = 0;
const brokenLines: string[] = [];
for (const stream of [process.stdout, process.stderr])
  stream.write = (chunk: string | Uint8Array): boolean => {
    lines += 1;
    const line = String(chunk).replace(/\n$/, '');
    try {
      JSON.parse(line);
      if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(line)) throw new Error('control characters');
    } catch {
      if (brokenLines.length < 5) brokenLines.push(line.slice(0, 300));
    }
    return true;
  };

const context = {
  awsRequestId: 'aws-request',
  functionName: 'fuzz',
  getRemainingTimeInMillis: () => 20_000,
} as Context;
const { functions, authorizer, mint, forget } = await deployment();
const now = Math.floor(Date.now() / 1000);
const good = await mint();
const tokens = [
  ...[
    good,
    good,
    good,
    good,
    await mint({ scope: 'gatehouse/tools.read' }),
    await mint({ client_id: 'apploopback' }),
  ],
  ...[
    await mint({ exp: now - 1 }),
    await mint({ scope: '' }),
    await mint({ aud: 'https://elsewhere.example' }),
    good.slice(0, -2),
    'a.b.c',
    '..',
  ],
];

const valuesByName = (pairs: readonly (readonly [string, string])[]): Record<string, string[]> => {
  const values: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) values[name] = [...(values[name] ?? []), value];
  return values;
};
const lastByName = (
  values: Readonly<Record<string, readonly string[]>>,
): Record<string, string> => {
  const last: Record<string, string> = Object.create(null);
  for (const name in values) last[name] = values[name]?.at(-1) ?? '';
  return last;
};

const eventOf = ({
  route,
  method,
  headers,
  query,
  body,
  base64,
}: FuzzedRequest): APIGatewayProxyEvent & APIGatewayRequestAuthorizerEvent => {
  const path = policyEndpoints[route]?.path ?? '/';
  const [allHeaders, allQuery] = [valuesByName(headers), valuesByName(query)];
  return {
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:api/prod/POST/mcp',
    httpMethod: method,
    path,
    resource: path,
    headers: lastByName(allHeaders),
    multiValueHeaders: allHeaders,
    pathParameters: null,
    stageVariables: null,
    queryStringParameters: query.length === 0 ? null : lastByName(allQuery),
    multiValueQueryStringParameters: query.length === 0 ? null : allQuery,
    body: body !== null && base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: body !== null && base64,
    requestContext: {
      requestId: 'request-1',
      resourcePath: path,
      identity: { sourceIp: '192.0.2.7' },
    },
  } as unknown as APIGatewayProxyEvent & APIGatewayRequestAuthorizerEvent;
};

interface FunctionResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a streaming handler wrote before its body. */
const streamedAnswer = async (event: APIGatewayProxyEvent): Promise<FunctionResponse> => {
  const chunks: Uint8Array[] = [];
  const stream = new ResponseStream(async (data) => {
    chunks.push(data);
  });
  const done = new Promise<void>((resolve) => stream.once('close', resolve));
  await Reflect.apply(functions.mcp, undefined, [event, stream, context]);
  if (!stream.writableEnded) stream.end();
  await done;
  const whole = Buffer.concat(chunks);
  return JSON.parse(whole.subarray(0, whole.indexOf(Buffer.alloc(8))).toString('utf8'));
};

const table = Object.entries(headerTable('production'));
const statuses: Record<string, number> = {};

const validateResponse = ({ statusCode, headers }: FunctionResponse): string | undefined => {
  if (!(statusCode >= 200 && statusCode < 500)) return `status ${statusCode}`;
  const missing = table.find(
    ([name, value]) =>
      headers[name] !== value &&
      !(name === 'content-security-policy' && headers[name]?.startsWith("default-src 'none';")) &&
      name !== 'cache-control',
  );
  if (missing) return `${missing[0]} is ${headers[missing[0]]}`;
  if (!headers['cache-control']) return 'no cache-control';
  const origin = headers['access-control-allow-origin'];
  return origin === undefined || origin === 'https://claude.ai'
    ? undefined
    : `origin ${origin} is allowed`;
};

const check = async (request: FuzzedRequest): Promise<void> => {
  const event = eventOf(request);
  const endpoint = policyEndpoints[request.route];
  if (!endpoint) throw new Error('no such route');
  const isMcp = endpoint.function === 'mcp';
  const response = isMcp
    ? await streamedAnswer(event)
    : ((await Reflect.apply(functions[endpoint.function], undefined, [
        event,
        context,
      ])) as FunctionResponse);
  statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
  const fault = validateResponse(response);
  if (fault !== undefined) throw new Error(fault);
  if (!isMcp) return;
  const word: unknown = await authorizer(eventOf(request), context).catch(
    (error: Error) => error.message,
  );
  if (word === 'Unauthorized') return;
  const effect: unknown = JSON.parse(JSON.stringify(word))?.policyDocument?.Statement?.[0]?.Effect;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new Error(`the authorizer says ${JSON.stringify(word)}`);
  // What the authorizer lets in, the handler's own check lets in too.
  if (effect === 'Allow' && response.statusCode === 401)
    throw new Error('let in by the authorizer and refused by the handler');
};

const heapMegabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

const failures: string[] = [];
const heap: number[] = [];
const arbitrary = fuzzedRequest(tokens);
const started = performance.now();
let done = 0;
while (done < requests && failures.length === 0) {
  const numRuns = Math.min(batch, requests - done);
  const outcome = await fc.check(fc.asyncProperty(arbitrary, check), {
    numRuns,
    seed: seed + done,
    endOnFailure: false,
    interruptAfterTimeLimit: 60_000,
  });
  if (outcome.failed)
    failures.push(
      `${outcome.errorInstance} for ${JSON.stringify(outcome.counterexample)} (seed ${outcome.seed}, path ${outcome.counterexamplePath})`.slice(
        0,
        3000,
      ),
    );
  done += outcome.numRuns;
  forget();
  heap.push(heapMegabytes());
}
await new Promise((resolve) => setTimeout(resolve, 20));
writeSync(
  1,
  JSON.stringify({
    requests: done,
    seconds: (performance.now() - started) / 1000,
    failures,
    unhandled,
    lines,
    brokenLines,
    statuses,
    heap,
  }),
);
process.exit(0);
