/** How often one looks, in milliseconds, and after how many looks at a still process one gives up. */
const interval = 250;
const looks = 8;
/** Of processor time between two looks, in microseconds: more is work. */
const idleMicroseconds = 20_000;

type TestFunction = (...parameters: never[]) => unknown;

const activeResources = () => process.getActiveResourcesInfo().toSorted();

/**
 * Ends a test whose promise can no longer settle: the process has no timer, socket or file to wait
 * for, and does nothing. This is no measure of speed: a slow machine still has work to do.
 */
export class Watch {
  isStuck = false;
  readonly #idle = activeResources();
  readonly #stuck = Promise.withResolvers<never>();
  readonly #timer: NodeJS.Timeout;
  #used = process.cpuUsage();
  #still = 0;

  constructor() {
    this.#stuck.promise.catch(() => undefined);
    this.#timer = setInterval(() => this.#look(), interval).unref();
  }

  /** The same test or hook, which fails when the process is stuck. */
  guard<F>(run: F): F;
  guard(run: TestFunction): unknown {
    if (typeof run !== 'function' || run.length > 0) return run;
    return () => Promise.race([run(), this.#stuck.promise]);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { user, system } = process.cpuUsage(this.#used);
    this.#used = process.cpuUsage();
    // The runner's own bound on the test is the one timer that does not count.
    const waitsFor = activeResources();
    for (const resource of [...this.#idle, 'Timeout']) {
      const index = waitsFor.indexOf(resource);
      if (index >= 0) waitsFor.splice(index, 1);
    }
    const isStill = user + system < idleMicroseconds && waitsFor.length === 0;
    this.#still = isStill ? this.#still + 1 : 0;
    if (this.#still < looks) return;
    this.isStuck = true;
    this.#stuck.reject(new Error('The test waits for something that cannot come any more.'));
  }
}
