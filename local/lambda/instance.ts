import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../failure.ts';
import { errorLine } from './error-line.ts';
import { LineSplitter } from './lines.ts';
import type { Command, FunctionError, Report, WorkerSettings } from './messages.ts';

export type Outcome =
  /** The JSON that the handler returned. */
  | { readonly kind: 'result'; readonly payload: string }
  /** A streaming handler that has written everything. */
  | { readonly kind: 'streamed' }
  | { readonly kind: 'failed'; readonly error: FunctionError };

export interface Invocation {
  readonly requestId: string;
  readonly traceId: string;
  /** JSON. */
  readonly event: string;
  /** Takes a streaming handler's chunks; resolves when the next may come. */
  readonly onChunk: (data: Uint8Array) => Promise<void>;
}

export interface InstanceSettings extends WorkerSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** How long the bundle may wait while it loads. @default Lambda's own limit */
  readonly initSeconds?: number;
  /** One whole line that the function wrote. */
  readonly onLine: (line: string) => void;
}

/**
 * Lambda's own limit on the init phase
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). Here what a bundle
 * waits counts against it, and what it computes does not: that takes as long as this computer is
 * slow. One that computes without an end is ended all the same.
 */
const lambdaInitSeconds = 10;
const endlessSeconds = 300;

interface Current {
  readonly invocation: Invocation;
  readonly settle: (outcome: Outcome) => void;
  timer?: NodeJS.Timeout;
}

/** One worker: takes an invocation at a time until it dies. */
export class Instance {
  /** Resolves when the bundle has loaded, or with what went wrong. */
  readonly ready: Promise<FunctionError | undefined>;
  #alive = true;
  #current: Current | undefined;
  #returned = Promise.withResolvers<void>();
  readonly #settings: InstanceSettings;
  readonly #worker: Worker;

  constructor(settings: InstanceSettings) {
    this.#settings = settings;
    const {
      environment,
      timeoutSeconds: _,
      initSeconds = lambdaInitSeconds,
      onLine,
      ...workerData
    } = settings;
    // TypeScript here, JavaScript in the package.
    this.#worker = new Worker(
      new URL(`./worker${extname(import.meta.filename)}`, import.meta.url),
      {
        name: settings.functionName,
        env: environment,
        workerData,
        stdout: true,
        stderr: true,
        execArgv: ['--disable-warning=ExperimentalWarning'],
        resourceLimits: { maxOldGenerationSizeMb: settings.memoryMegabytes },
      },
    );
    const lines = { stdout: new LineSplitter(onLine), stderr: new LineSplitter(onLine) };
    // What Node itself says past `process.stdout` of the worker, as when it runs out of memory.
    for (const stream of ['stdout', 'stderr'] as const)
      this.#worker[stream].on('data', (data: Buffer) => lines[stream].write(data.toString()));
    this.ready = new Promise((resolve) => {
      const begun = performance.now();
      const slow = setInterval(() => {
        const { idle } = this.#worker.performance.eventLoopUtilization();
        const isOver =
          idle > initSeconds * 1000 || performance.now() - begun > endlessSeconds * 1000;
        if (!isOver) return;
        clearInterval(slow);
        resolve({
          errorType: 'Sandbox.Timedout',
          errorMessage: `Init took longer than ${initSeconds} seconds`,
          trace: [],
        });
        this.stop();
      }, 250);
      this.#worker.on('message', (report: Report) => {
        if (report.kind === 'written') return lines[report.stream].write(report.text);
        if (report.kind === 'ready') resolve(undefined);
        if (report.kind === 'failed' && report.during === 'init') resolve(report.error);
        if (report.kind === 'ready' || report.kind === 'failed') clearInterval(slow);
        this.#take(report);
      });
      const die = (error: FunctionError): void => {
        clearInterval(slow);
        const stopped = !this.#alive;
        this.#alive = false;
        this.#returned.resolve();
        resolve(error);
        if (stopped) this.#settle({ kind: 'failed', error });
        else this.#fail(error);
      };
      this.#worker.on('error', (error) =>
        die({ errorType: 'Runtime.UnhandledError', errorMessage: messageOf(error), trace: [] }),
      );
      this.#worker.on('exit', (code) => {
        for (const splitter of Object.values(lines)) splitter.end();
        die({
          errorType: 'Runtime.ExitError',
          errorMessage: `Runtime exited with code ${code} without giving a result`,
          trace: [],
        });
      });
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the handler has returned, which may be after its response; or the worker died. */
  get returned(): Promise<void> {
    return this.#returned.promise;
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    this.#returned = Promise.withResolvers();
    const { timeoutSeconds } = this.#settings;
    return new Promise((resolve) => {
      const current: Current = { invocation, settle: resolve };
      this.#current = current;
      if (!this.#alive) {
        this.#returned.resolve();
        return this.#settle({
          kind: 'failed',
          error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited', trace: [] },
        });
      }
      current.timer = setTimeout(() => {
        const errorMessage = `${invocation.requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
        this.#fail({ errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
        this.stop();
      }, timeoutSeconds * 1000);
      this.#send({
        kind: 'invoke',
        requestId: invocation.requestId,
        event: invocation.event,
        deadline: Date.now() + timeoutSeconds * 1000,
        traceId: invocation.traceId,
      });
    });
  }

  stop(): Promise<number> {
    this.#alive = false;
    return this.#worker.terminate();
  }

  #take(report: Report): void {
    if (report.kind === 'result' || report.kind === 'streamed') this.#settle(report);
    if (report.kind === 'failed') this.#settle({ kind: 'failed', error: report.error });
    if (report.kind === 'returned') this.#returned.resolve();
    if (report.kind === 'chunk')
      this.#current?.invocation.onChunk(report.data).then(() => this.#send({ kind: 'taken' }));
  }

  #send(command: Command): void {
    this.#worker.postMessage(command);
  }

  /** A failure that the handler did not throw, so that only the platform can log it. */
  #fail(error: FunctionError): void {
    const requestId = this.#current?.invocation.requestId;
    if (requestId !== undefined)
      this.#settings.onLine(errorLine(error, this.#settings.functionName, requestId));
    this.#settle({ kind: 'failed', error });
  }

  #settle(outcome: Outcome): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    clearTimeout(current.timer);
    current.settle(outcome);
  }
}
