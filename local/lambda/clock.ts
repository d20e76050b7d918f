/** A clock that this computer and its functions share, and that a test moves or stops. */
export interface Clock {
  /** Two Float64 for the workers: milliseconds ahead, and the moment at which it stands, or NaN. */
  readonly shared: SharedArrayBuffer;
  /** Milliseconds since the epoch, for everybody but the functions. */
  now(): number;
  /** Lets time pass for everybody. */
  advance(milliseconds: number): void;
  /** From here on `advance` alone moves it. */
  stop(): void;
  /** Sets the functions' clocks apart from everybody else's. */
  skewFunctions(milliseconds: number): void;
}

export const makeClock = (): Clock => {
  const shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const inFunctions = new Float64Array(shared);
  const time = { advanced: 0, skew: 0, stopped: Number.NaN };
  const share = (): void => inFunctions.set([time.advanced + time.skew, time.stopped]);
  share();
  const change = (changes: Partial<typeof time>): void => {
    Object.assign(time, changes);
    share();
  };
  return {
    shared,
    now: () => standing(time.stopped) + time.advanced,
    advance: (milliseconds) => change({ advanced: time.advanced + milliseconds }),
    stop: () => change({ stopped: standing(time.stopped) }),
    skewFunctions: (skew) => change({ skew }),
  };
};

/** @param computer its clock, which `installClock` is about to hide */
const standing = (stopped: number, computer: Pick<DateConstructor, 'now'> = Date): number =>
  Number.isNaN(stopped) ? computer.now() : stopped;

/** In a worker: `Date` reads the shared clock. */
export const installClock = (shared: SharedArrayBuffer): void => {
  const [AHEAD, STOPPED] = [0, 1];
  const clock = new Float64Array(shared);
  const ComputerDate = Date;
  const now = (): number =>
    standing(clock[STOPPED] ?? Number.NaN, ComputerDate) + (clock[AHEAD] ?? 0);
  globalThis.Date = new Proxy(ComputerDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    apply: () => new ComputerDate(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : Reflect.get(target, property, receiver),
  });
};
