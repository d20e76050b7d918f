import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { errorLine } from './error-line.ts';
import { Instance, type InstanceSettings, type Outcome } from './instance.ts';
import type { FunctionError } from './messages.ts';

/**
 * Workers that are started as soon as they are wanted: one for each core that a small computer has.
 */
const eagerInstances = 2;
/**
 * Past those, another one comes when an invocation has waited this long: short calls share a few
 * workers, long ones get their own.
 */
const patienceMilliseconds = 100;
/** How many workers one function may have. Lambda has a thousand by default. */
const maximumInstances = 64;

export interface InvokeOptions {
  readonly requestId?: string;
  readonly traceId?: string;
  readonly onChunk?: (data: Uint8Array) => Promise<void>;
}

/** What the invocation log remembers. */
export interface InvocationRecord {
  readonly functionName: string;
  readonly requestId: string;
  readonly startedAt: number;
  readonly milliseconds: number;
  /** The error's type, when it failed. */
  readonly errorType?: string;
}

interface Waiting {
  readonly since: number;
  readonly start: (instance: Instance | FunctionError) => void;
}

/**
 * A deployed function: as many instances as there are invocations at a time, each kept for the next
 * one.
 */
export class LambdaFunction {
  readonly name: string;
  readonly arn: string;
  #settings: InstanceSettings;
  readonly #record: (record: InvocationRecord) => void;
  readonly #instances = new Set<Instance>();
  readonly #idle: Instance[] = [];
  readonly #outdated = new WeakSet<Instance>();
  readonly #queue: Waiting[] = [];
  #starting = 0;
  #impatience: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(settings: InstanceSettings, record: (record: InvocationRecord) => void = () => {}) {
    this.name = settings.functionName;
    this.arn = settings.functionArn;
    this.#settings = settings;
    this.#record = record;
  }

  get timeoutSeconds(): number {
    return this.#settings.timeoutSeconds;
  }

  /** Names the code by its content, as the asset's folder does. */
  get code(): string {
    return basename(dirname(this.#settings.module));
  }

  /** @param event - anything that JSON can carry. */
  async invoke(event: unknown, options: InvokeOptions = {}): Promise<Outcome> {
    const requestId = options.requestId ?? randomUUID();
    const startedAt = Date.now();
    const instance = await this.#instance();
    const outcome: Outcome =
      instance instanceof Instance
        ? await instance.invoke({
            requestId,
            traceId: options.traceId ?? '',
            event: JSON.stringify(event),
            onChunk: options.onChunk ?? (async () => {}),
          })
        : { kind: 'failed', error: instance };
    if (instance instanceof Instance) instance.returned.then(() => this.#giveBack(instance));
    const failure = outcome.kind === 'failed' ? { errorType: outcome.error.errorType } : {};
    this.#record({
      functionName: this.name,
      requestId,
      startedAt,
      milliseconds: Date.now() - startedAt,
      ...failure,
    });
    // What fails later is logged by the instance.
    if (!(instance instanceof Instance) && !this.#stopped)
      this.#settings.onLine(errorLine(instance, this.name, requestId));
    return outcome;
  }

  /**
   * Ends every idle instance, as Lambda does when it pleases: the next invocation is a cold start.
   */
  async retire(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const instance of idle) this.#instances.delete(instance);
    await Promise.all(idle.map((instance) => instance.stop()));
  }

  /**
   * Takes the code and the settings of a newer deployment of the same function. Invocations that run
   * finish with the old code, which serves no other.
   */
  async deploy(newer: LambdaFunction): Promise<void> {
    this.#settings = newer.#settings;
    for (const instance of this.#instances) this.#outdated.add(instance);
    await this.retire();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#impatience);
    for (const waiting of this.#queue.splice(0)) waiting.start(stopped);
    await Promise.all([...this.#instances].map((instance) => instance.stop()));
  }

  #instance(): Promise<Instance | FunctionError> {
    if (this.#stopped) return Promise.resolve(stopped);
    const idle = this.#idle.pop();
    if (idle?.alive) return Promise.resolve(idle);
    return new Promise((start) => {
      this.#queue.push({ start, since: performance.now() });
      this.#grow();
    });
  }

  #grow(): void {
    while (this.#queue.length > this.#starting && this.#instances.size < eagerInstances)
      this.#start();
    if (this.#queue.length === 0 || this.#impatience !== undefined) return;
    this.#impatience = setTimeout(() => {
      this.#impatience = undefined;
      const waited = performance.now() - (this.#queue[0]?.since ?? Number.POSITIVE_INFINITY);
      if (
        waited >= patienceMilliseconds &&
        this.#starting === 0 &&
        this.#instances.size < maximumInstances
      )
        this.#start();
      this.#grow();
    }, patienceMilliseconds);
  }

  #start(): void {
    const instance = new Instance(this.#settings);
    this.#instances.add(instance);
    this.#starting += 1;
    instance.ready.then((error) => {
      this.#starting -= 1;
      if (error === undefined) return this.#giveBack(instance);
      this.#instances.delete(instance);
      instance.stop();
      // Lambda reports an init failure to the invocation that caused the start.
      this.#queue.shift()?.start(error);
      this.#grow();
    });
  }

  #giveBack(instance: Instance): void {
    const takesMore = instance.alive && !this.#outdated.has(instance);
    if (!takesMore) this.#instances.delete(instance);
    if (!takesMore && instance.alive) instance.stop();
    const next = this.#queue.shift();
    if (next === undefined) {
      if (takesMore) this.#idle.push(instance);
      return;
    }
    if (takesMore) next.start(instance);
    else {
      this.#queue.unshift(next);
      this.#grow();
    }
  }
}

const stopped: FunctionError = {
  errorType: 'Runtime.ExitError',
  errorMessage: 'The local runtime is stopping',
  trace: [],
};
