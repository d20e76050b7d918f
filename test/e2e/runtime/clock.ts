import type { Gatehouse } from '../../../local/runtime.ts';

/** The runtime's clock, for tests that have to know where in a minute or an hour they are. */
export const runtimeClock = ({ clock }: Pick<Gatehouse, 'clock'>) => {
  let advanced = 0;
  const now = (): number => Date.now() + advanced;
  const advance = (milliseconds: number): void => {
    advanced += milliseconds;
    clock.advance(milliseconds);
  };
  return {
    now,
    advance,
    /**
     * Goes on to just after the next whole minute or hour, so that a test has nearly all of it
     * before it.
     */
    toNext: (window: 'minute' | 'hour'): void => {
      const length = window === 'minute' ? 60_000 : 3_600_000;
      advance(length - (now() % length) + 50);
    },
  };
};
