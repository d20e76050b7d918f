import { lifetimes } from '../../policy/lifetimes.ts';

/** Newest first; two while a secret is being rotated. */
export type Secrets = readonly [string, ...string[]];

/** `again`: the known ones did not serve. */
export type RotatingSecret = (again?: boolean) => Promise<Secrets>;

/**
 * A secret that is read once and again when it stops working, at most once in
 * `lifetimes.secretRereadSeconds`, so that nobody can make us ask all the time. The one before
 * stays known to this instance: Cognito takes two during a rotation (AddUserPoolClientSecret) but
 * shows only one, and what was sealed under the other should still open.
 *
 * @throws whatever `read` throws, while nothing is known
 */
export const rotatingSecret = (
  read: () => Promise<string>,
  clock: () => number = Date.now,
): RotatingSecret => {
  let known: Secrets | undefined;
  let reading: Promise<Secrets> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  const renew = async (): Promise<Secrets> => {
    readAt = clock();
    const secret = await read();
    known = known === undefined || known[0] === secret ? (known ?? [secret]) : [secret, known[0]];
    return known;
  };

  return async (again = false) => {
    if (known && !(again && clock() - readAt >= lifetimes.secretRereadSeconds * 1000)) return known;
    reading ??= renew().finally(() => {
      reading = undefined;
    });
    const old = known;
    // What is known may still serve when the new one cannot be read.
    return old ? reading.catch(() => old) : reading;
  };
};
