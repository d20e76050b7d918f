import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { installClock } from './clock.ts';
import { patchConsole } from './console.ts';
import { describeThrown } from './error-line.ts';
import type { Command, Report, WorkerSettings } from './messages.ts';
import { routeHosts } from './network.ts';
import { awslambda, isStreamingHandler, ResponseStream } from './response-stream.ts';

/**
 * One function instance: Lambda's Node runtime in a worker thread. The bundle that is imported here
 * is the deployed one and sees what it would see on Lambda: its environment, the `awslambda`
 * global, a context, one event at a time.
 */
type Handler = (...values: unknown[]) => unknown;

const run = async (port: MessagePort, settings: WorkerSettings): Promise<void> => {
  const report = (message: Report): void => port.postMessage(message);
  captureOutput(report);
  const log = patchConsole(settings.functionName);
  installClock(settings.clock);
  routeHosts(settings.routes);
  Object.assign(globalThis, { awslambda });
  const waitingForClient: (() => void)[] = [];
  let handler: Handler;
  try {
    handler = await loadHandler(settings);
  } catch (error) {
    report({ kind: 'failed', error: describeThrown(error), during: 'init' });
    return port.close();
  }
  port.on('message', (command: Command) => {
    if (command.kind === 'taken') waitingForClient.shift()?.();
    else
      invoke(command)
        .catch((error: unknown) => {
          log.logThrown(error);
          report({ kind: 'failed', error: describeThrown(error), during: 'invocation' });
        })
        .finally(() => report({ kind: 'returned' }));
  });
  report({ kind: 'ready' });

  const invoke = async (command: Extract<Command, { kind: 'invoke' }>): Promise<void> => {
    process.env['_X_AMZN_TRACE_ID'] = command.traceId;
    log.begin(command.requestId);
    const event: unknown = JSON.parse(command.event);
    const context = contextOf(settings, command);
    if (!isStreamingHandler(handler)) {
      const result = JSON.stringify(await handler(event, context));
      return report({ kind: 'result', payload: result ?? 'null' });
    }
    const stream = new ResponseStream((data) => {
      const taken = new Promise<void>((resolve) => waitingForClient.push(resolve));
      report({ kind: 'chunk', data });
      return taken;
    });
    // The response is whole as soon as the stream is, whatever the handler still does.
    stream.once('finish', () => report({ kind: 'streamed' }));
    await handler(event, stream, context);
    if (!stream.writableEnded) stream.end();
    await finished(stream);
  };
};

const loadHandler = async (settings: WorkerSettings): Promise<Handler> => {
  const bundle: unknown = await import(pathToFileURL(settings.module).href);
  const handler =
    typeof bundle === 'object' && bundle !== null
      ? Reflect.get(bundle, settings.handler)
      : undefined;
  if (typeof handler === 'function') return handler;
  const missing = new Error(
    `${settings.handler} is undefined or not exported by ${settings.functionName}`,
  );
  missing.name = 'Runtime.HandlerNotFound';
  throw missing;
};

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (settings: WorkerSettings, command: Extract<Command, { kind: 'invoke' }>) => ({
  functionName: settings.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: settings.functionArn,
  memoryLimitInMB: String(settings.memoryMegabytes),
  awsRequestId: command.requestId,
  logGroupName: settings.logGroupName,
  logStreamName: settings.logStreamName,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () =>
    Math.max(0, command.deadline - performance.timeOrigin - performance.now()),
});

/** Output takes the results' way, so that a test that has the answer has its log lines too. */
const captureOutput = (report: (message: Report) => void): void => {
  for (const stream of ['stdout', 'stderr'] as const) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      report({
        kind: 'written',
        stream,
        text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(),
      });
      const written = typeof encoding === 'function' ? encoding : done;
      if (typeof written === 'function') process.nextTick(written);
      return true;
    };
    Object.assign(process[stream], { write });
  }
};

if (parentPort) await run(parentPort, workerData);
