import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificate } from '../../../local/cognito/certificate.ts';
import { makeClock } from '../../../local/lambda/clock.ts';
import type { LambdaFunction } from '../../../local/lambda/function.ts';
import type { InstanceSettings } from '../../../local/lambda/instance.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { makeFunction } from './bundle-factory.ts';

const running: LambdaFunction[] = [];
const start = (bundle: string, settings: Partial<InstanceSettings> = {}) => {
  const made = makeFunction(bundle, settings);
  running.push(made.lambda);
  return made;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((lambda) => lambda.stop()));
});

const failure = (errorType: string, errorMessage: unknown = expect.any(String)) => ({
  kind: 'failed',
  error: { errorType, errorMessage, trace: expect.any(Array) },
});

describe('a function', () => {
  it('runs the code of a newer deployment, and lets what runs finish with the old', async () => {
    const begun = Promise.withResolvers<string>();
    const { lambda } = start(
      `export const handler = async () => {
        console.log('begun');
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { version: 'old' };
      };`,
      { onLine: begun.resolve },
    );
    const { lambda: newer } = start(`export const handler = async () => ({ version: 'new' });`);
    const underWay = lambda.invoke({});
    await begun.promise;
    await lambda.deploy(newer);
    expect(await lambda.invoke({})).toEqual({ kind: 'result', payload: '{"version":"new"}' });
    expect(await underWay).toEqual({ kind: 'result', payload: '{"version":"old"}' });
    expect(await lambda.invoke({})).toEqual({ kind: 'result', payload: '{"version":"new"}' });
  });

  it('gets the event and a context, and its result comes back as JSON', async () => {
    const { lambda } = start(`
      export const handler = async (event, context) => ({
        event, name: context.functionName, id: context.awsRequestId, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() > 4000,
        nothing: undefined });`);
    const outcome = await lambda.invoke({ hello: 'world' }, { requestId: 'r-1' });
    expect(outcome).toEqual({
      kind: 'result',
      payload: JSON.stringify({
        event: { hello: 'world' },
        name: 'probe',
        id: 'r-1',
        memory: '128',
        left: true,
      }),
    });
  });

  it('sees its own environment and nothing of the computer', async () => {
    const { lambda } = start('export const handler = async () => process.env;', {
      environment: { TABLE_NAME: 'items' },
    });
    const outcome = await lambda.invoke({}, { traceId: 'Root=1' });
    expect(JSON.parse(outcome.kind === 'result' ? outcome.payload : '')).toEqual({
      TABLE_NAME: 'items',
      _X_AMZN_TRACE_ID: 'Root=1',
    });
  });

  it('that throws fails with the error, logs it on one line, and takes the next invocation', async () => {
    const { lambda, lines, invocations } = start(
      `export const handler = async ({ bad }) => { if (bad) throw new RangeError('too\\nfar'); return 'fine'; };`,
    );
    await expect(lambda.invoke({ bad: true }, { requestId: 'r-1' })).resolves.toEqual(
      failure('RangeError', 'too\nfar'),
    );
    await expect(lambda.invoke({})).resolves.toEqual({ kind: 'result', payload: '"fine"' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'ERROR',
      service: 'probe',
      requestId: 'r-1',
      message: { errorType: 'RangeError' },
    });
    expect(invocations.map(({ errorType }) => errorType)).toEqual(['RangeError', undefined]);
  });

  it('that has replaced console.error decides what is logged of what it throws', async () => {
    const { lambda, lines } = start(
      `const write = console.error;
      console.error = (error) => { if (error.message !== 'expected') write(error); };
      export const handler = async ({ message }) => { throw new Error(message); };`,
    );
    await expect(lambda.invoke({ message: 'expected' })).resolves.toEqual(
      failure('Error', 'expected'),
    );
    await expect(lambda.invoke({ message: 'another' })).resolves.toEqual(
      failure('Error', 'another'),
    );
    expect(lines.map((line) => JSON.parse(line).message.errorMessage)).toEqual(['another']);
  });

  it('that does not throw but ends or takes too long has one line too', async () => {
    const { lambda, lines } = start(
      `export const handler = async ({ exit }) => exit ? process.exit(3) : new Promise(() => setInterval(() => {}, 1000));`,
      { timeoutSeconds: 1 },
    );
    await lambda.invoke({ exit: true }, { requestId: 'r-1' });
    await lambda.invoke({ exit: false }, { requestId: 'r-2' });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'ERROR', requestId: 'r-1', message: { errorType: 'Runtime.ExitError' } },
      { level: 'ERROR', requestId: 'r-2', message: { errorType: 'Sandbox.Timedout' } },
    ]);
  });

  it('that waits too long while it loads is ended, and one that computes as long is not', async () => {
    const { lambda: waits } = start(
      'setInterval(() => {}, 1000); await new Promise(() => {}); export const handler = async () => 1;',
      { initSeconds: 0.3 },
    );
    await expect(waits.invoke({})).resolves.toEqual(
      failure('Sandbox.Timedout', 'Init took longer than 0.3 seconds'),
    );
    const { lambda: computes } = start(
      `const until = Date.now() + 1000; while (Date.now() < until); export const handler = async () => "fine";`,
      { initSeconds: 0.3 },
    );
    await expect(computes.invoke({})).resolves.toMatchObject({ payload: '"fine"' });
  });

  it('that calls process.exit fails, and a new instance takes the next invocation', async () => {
    const { lambda } = start(
      'export const handler = async ({ exit }) => { if (exit) process.exit(3); return "fine"; };',
    );
    await expect(lambda.invoke({ exit: true })).resolves.toEqual(
      failure('Runtime.ExitError', 'Runtime exited with code 3 without giving a result'),
    );
    await expect(lambda.invoke({})).resolves.toMatchObject({ payload: '"fine"' });
  });

  it('that hangs is ended at its timeout, in a loop too, and replaced', async () => {
    const { lambda } = start(
      'export const handler = async ({ hang }) => { if (hang) for (;;); return "fine"; };',
      { timeoutSeconds: 0.3 },
    );
    await expect(lambda.invoke({ hang: true })).resolves.toEqual(
      failure('Sandbox.Timedout', expect.stringContaining('Task timed out after 0.30 seconds')),
    );
    await expect(lambda.invoke({})).resolves.toMatchObject({ payload: '"fine"' });
  });

  it('that leaves a rejection unhandled dies with it, and is replaced', async () => {
    const { lambda } = start(`
      export const handler = async ({ bad }) => {
        if (!bad) return 'fine';
        Promise.reject(new Error('forgotten'));
        await new Promise(() => setTimeout(() => {}, 1000));
      };`);
    await expect(lambda.invoke({ bad: true })).resolves.toEqual(
      failure('Runtime.UnhandledError', 'forgotten'),
    );
    await expect(lambda.invoke({})).resolves.toMatchObject({ payload: '"fine"' });
  });

  it('whose bundle fails to load says why, at each invocation', async () => {
    const { lambda, lines } = start(
      `throw new Error('TABLE_NAME is missing');\nexport const handler = async () => 1;`,
    );
    for (const _ of [1, 2])
      await expect(lambda.invoke({})).resolves.toEqual(failure('Error', 'TABLE_NAME is missing'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('TABLE_NAME is missing');
  });

  it('without the handler that the template names says so', async () => {
    const { lambda } = start('export const other = 1;');
    await expect(lambda.invoke({})).resolves.toEqual(
      failure('Runtime.HandlerNotFound', 'handler is undefined or not exported by probe'),
    );
  });

  it('has its log lines handed over whole and before its answer, however it writes them', async () => {
    const { lambda, lines } = start(`
      export const handler = async () => {
        process.stdout.write('half '); process.stdout.write('and half\\nnext');
        process.stdout.write(' line\\n'); console.log('by console'); console.error('an error');
      };`);
    await lambda.invoke({});
    expect(lines).toEqual(['half and half', 'next line', 'by console', 'an error']);
  });

  it('runs one invocation at a time in an instance, and more instances for more at a time', async () => {
    const { lambda } = start(`
      let busy = 0, served = 0;
      export const handler = async () => {
        busy += 1; served += 1;
        const most = busy;
        await new Promise((resolve) => setTimeout(resolve, 30));
        busy -= 1;
        return { most, served };
      };`);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => lambda.invoke({})));
    const results = outcomes.map((outcome) =>
      JSON.parse(outcome.kind === 'result' ? outcome.payload : '{}'),
    );
    expect(results.every(({ most }) => most === 1)).toBe(true);
    expect(results.filter(({ served }) => served === 1).length).toBeGreaterThan(1);
    expect(results.some(({ served }) => served > 1)).toBe(true);
  });

  it('streams: the prelude before the first byte, then each chunk as it is written', async () => {
    // Goes on when its first chunk has arrived: were it kept back, this would never end.
    const { lambda } = start(`
      import { existsSync } from 'node:fs';
      export const handler = awslambda.streamifyResponse(async ({ until }, stream, context) => {
        const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
        http.write('one');
        while (!existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 10));
        http.end('two');
      });`);
    const until = join(temporaryFolder(), 'arrived');
    const chunks: string[] = [];
    const outcome = await lambda.invoke(
      { until },
      {
        onChunk: async (data) => {
          const text = Buffer.from(data).toString();
          chunks.push(text);
          if (text === 'one') writeFileSync(until, '');
        },
      },
    );
    expect(outcome).toEqual({ kind: 'streamed' });
    expect(chunks).toEqual([`{"statusCode":201}${'\0'.repeat(8)}`, 'one', 'two']);
  });

  it('whose handler ends it after its response has answered all the same, and gets no other invocation', async () => {
    const { lambda } = start(`
      let served = 0;
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        served += 1;
        stream.end(String(served));
        await new Promise((resolve) => setTimeout(resolve, 50));
        process.exit(1);
      });`);
    for (let count = 0; count < 3; count += 1) {
      let body = '';
      const onChunk = async (data: Uint8Array) => {
        body += Buffer.from(data).toString();
      };
      expect(await lambda.invoke({}, { onChunk })).toEqual({ kind: 'streamed' });
      expect(body).toBe('1');
    }
  });

  it('that streams waits for a slow client', async () => {
    const { lambda } = start(`
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        for (let n = 0; n < 5; n += 1) if (!stream.write('x'.repeat(20000))) await new Promise((drained) => stream.once('drain', drained));
        stream.end();
      });`);
    let inHand = 0;
    let most = 0;
    await lambda.invoke(
      {},
      {
        onChunk: async () => {
          inHand += 1;
          most = Math.max(most, inHand);
          await new Promise((resolve) => setTimeout(resolve, 10));
          inHand -= 1;
        },
      },
    );
    expect(most).toBe(1);
  });

  it('reads a clock that can be set ahead', async () => {
    const clock = makeClock();
    const { lambda } = start(
      'export const handler = async () => [Date.now(), new Date().getTime(), new Date(5).getTime(), new Date() instanceof Date, Date.UTC(1970, 0)];',
      { clock: clock.shared },
    );
    await lambda.invoke({});
    clock.skewFunctions(120_000);
    const outcome = await lambda.invoke({});
    const [now, made, fixed, isDate, utc] = JSON.parse(
      outcome.kind === 'result' ? outcome.payload : '[]',
    );
    expect(now - Date.now()).toBeGreaterThan(110_000);
    expect(made - Date.now()).toBeGreaterThan(110_000);
    expect([fixed, isDate, utc]).toEqual([5, true, 0]);
  });

  it('reads a clock that stands, and that only a test moves', async () => {
    const clock = makeClock();
    const { lambda } = start('export const handler = async () => Date.now();', {
      clock: clock.shared,
    });
    clock.stop();
    const stoppedAt = clock.now();
    for (const passed of [0, 0, 60_000]) {
      clock.advance(passed);
      // Longer than any clock counts in one step.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const outcome = await lambda.invoke({});
      expect(outcome).toMatchObject({ kind: 'result', payload: String(clock.now()) });
    }
    expect(clock.now()).toBe(stoppedAt + 60_000);
  });

  it.each([
    [
      'https.request',
      `import { request } from 'node:https';
      const get = (url) => new Promise((resolve, reject) => request(url, (answer) => { answer.setEncoding('utf8'); let text = '';
        answer.on('data', (part) => { text += part; }); answer.on('end', () => resolve(text)); }).on('error', reject).end());`,
    ],
    ['fetch', 'const get = async (url) => (await fetch(url)).text();'],
  ])(
    'reaches a routed host by %s, over TLS that only that host is trusted for',
    async (_, client) => {
      const host = 'cognito-idp.eu-west-1.amazonaws.com';
      const certificate = await makeCertificate([host]);
      const server = createServer(
        { key: certificate.key, cert: certificate.cert },
        (request, response) => response.end(`hello ${request.headers.host}`),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = isAddress(address) ? address.port : 0;
      const { lambda } = start(
        `${client}
      export const handler = async ({ url }) => get(url);`,
        { routes: [{ host, port, certificateAuthority: certificate.authority }] },
      );
      await expect(lambda.invoke({ url: `https://${host}/pool/jwks.json` })).resolves.toEqual({
        kind: 'result',
        payload: `"hello ${host}"`,
      });
      await expect(lambda.invoke({ url: `https://127.0.0.1:${port}/` })).resolves.toMatchObject({
        kind: 'failed',
      });
      server.closeAllConnections();
      server.close();
    },
  );
});

const isAddress = (value: unknown): value is AddressInfo =>
  typeof value === 'object' && value !== null && 'port' in value;
