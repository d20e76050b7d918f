/** Milliseconds shared with the workers: writing here moves every function's clock at once. */
export const makeClock = (): {
  readonly shared: SharedArrayBuffer;
  set(milliseconds: number): void;
} => {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const ahead = new Float64Array(shared);
  return {
    shared,
    set: (milliseconds) => {
      ahead[0] = milliseconds;
    },
  };
};

/** In a worker: `Date` reads the shared offset on top of the computer's clock. */
export const installClock = (shared: SharedArrayBuffer): void => {
  const ahead = new Float64Array(shared);
  const ComputerDate = Date;
  const now = (): number => ComputerDate.now() + (ahead[0] ?? 0);
  globalThis.Date = new Proxy(ComputerDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    apply: () => new ComputerDate(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : Reflect.get(target, property, receiver),
  });
};
