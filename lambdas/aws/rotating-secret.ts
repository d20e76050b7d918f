import { lifetimes } from '../../policy/lifetimes.ts';

/** Newest first; two while a secret is being rotated. */
export type Secrets = readonly [string, ...string[]];

/** A secret that is not known; its `cause` is what the last read of it failed with. */
export class SecretUnknown extends Error {
  override readonly name = 'SecretUnknown';
  /** Until then it is not read again. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, cause: unknown) {
    super('The secret could not be read.', { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** `again`: the known ones did not serve. */
export type RotatingSecret = (again?: boolean) => Promise<Secrets>;

/** The outside of a secret; tests pass their own. */
export interface SecretTiming {
  /** Milliseconds. */
  readonly clock: () => number;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
}

/**
 * A secret that is read when it is first needed, and again when it stops working, at most once in
 * `lifetimes.secretRereadSeconds`, so that nobody can make us ask all the time. A read that failed
 * is repeated after a growing wait with jitter, before the first success and after it; until then
 * everybody gets the failure at once. The secret before stays known to this instance: Cognito takes
 * two during a rotation (AddUserPoolClientSecret) but shows only one, and what was encrypted under
 * the other should still open.
 *
 * @throws SecretUnknown, while nothing is known
 */
export const rotatingSecret = (
  read: () => Promise<string>,
  { clock, random }: SecretTiming = { clock: Date.now, random: Math.random },
): RotatingSecret => {
  let known: Secrets | undefined;
  let reading: Promise<Secrets> | undefined;
  let nextReadAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let failure: unknown;

  const unknown = () =>
    new SecretUnknown(Math.max(1, Math.ceil((nextReadAt - clock()) / 1000)), failure);

  const renew = async (): Promise<Secrets> => {
    try {
      const secret = await read();
      failures = 0;
      nextReadAt = clock() + lifetimes.secretRereadSeconds * 1000;
      known = known === undefined || known[0] === secret ? (known ?? [secret]) : [secret, known[0]];
      return known;
    } catch (error) {
      failure = error;
      nextReadAt = clock() + backoffMilliseconds(failures++) * (1 - random() / 2);
      throw unknown();
    }
  };

  return async (again = false) => {
    if (known && !again) return known;
    if (reading === undefined && clock() < nextReadAt) {
      if (known) return known;
      throw unknown();
    }
    reading ??= renew().finally(() => {
      reading = undefined;
    });
    const old = known;
    // What is known may still serve when the new one cannot be read.
    return old ? reading.catch(() => old) : reading;
  };
};

const backoffMilliseconds = (failures: number): number => {
  const { first, longest } = lifetimes.secretBackoffSeconds;
  return Math.min(first * 2 ** failures, longest) * 1000;
};
