import { rotatingSecret, SecretUnknown } from '../../../lambdas/aws/rotating-secret.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';

const at = { now: 0 };
const secretOf = (...values: (string | Error)[]) => {
  let reads = 0;
  at.now = 0;
  const secrets = rotatingSecret(
    async () => {
      const value = values[Math.min(reads++, values.length - 1)] ?? '';
      if (value instanceof Error) throw value;
      return value;
    },
    { clock: () => at.now, random: () => 0 },
  );
  return { secrets, reads: () => reads };
};
const later = () => {
  at.now += lifetimes.secretRereadSeconds * 1000;
};

describe('a rotating secret', () => {
  it('is read once', async () => {
    const { secrets, reads } = secretOf('first');
    expect([await secrets(), await secrets(), await Promise.all([secrets(), secrets()])]).toEqual([
      ['first'],
      ['first'],
      [['first'], ['first']],
    ]);
    expect(reads()).toBe(1);
  });

  it('is read again when it stopped working, at most once a minute, and the one before is kept', async () => {
    const { secrets, reads } = secretOf('first', 'second', 'third');
    await secrets();
    expect(await secrets(true)).toEqual(['first']);
    later();
    expect(await secrets(true)).toEqual(['second', 'first']);
    expect(await secrets(true)).toEqual(['second', 'first']);
    later();
    expect(await secrets(true)).toEqual(['third', 'second']);
    expect(reads()).toBe(3);
  });

  it('stays when reading it again fails', async () => {
    const { secrets } = secretOf('first', new Error('down'));
    await secrets();
    later();
    expect(await secrets(true)).toEqual(['first']);
  });

  it('is read once by 200 requests while it cannot be had, and again after a growing wait', async () => {
    const { secrets, reads } = secretOf(new Error('down'), new Error('down'), 'first');
    const all = async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => secrets()));
      return outcomes.every(({ status }) => status === 'rejected');
    };
    expect([await all(), await all(), reads()]).toEqual([true, true, 1]);
    at.now += lifetimes.secretBackoffSeconds.first * 1000;
    expect([await all(), reads()]).toEqual([true, 2]);
    at.now += lifetimes.secretBackoffSeconds.first * 1000;
    expect([await all(), reads()]).toEqual([true, 2]);
    at.now += lifetimes.secretBackoffSeconds.first * 1000;
    expect(await secrets()).toEqual(['first']);
    expect(reads()).toBe(3);
  });

  it('waits no longer than the policy says, and less by the jitter', async () => {
    const { secrets, reads } = secretOf(new Error('down'));
    for (let tries = 0; tries < 12; tries++) {
      await expect(secrets()).rejects.toMatchObject({ cause: new Error('down') });
      at.now += lifetimes.secretBackoffSeconds.longest * 1000;
    }
    expect(reads()).toBe(12);
    let jittered = 0;
    const early = rotatingSecret(
      async () => {
        jittered++;
        throw new Error('down');
      },
      { clock: () => at.now, random: () => 1 },
    );
    await expect(early()).rejects.toMatchObject({ cause: new Error('down') });
    at.now += (lifetimes.secretBackoffSeconds.first * 1000) / 2;
    await expect(early()).rejects.toMatchObject({ cause: new Error('down') });
    expect(jittered).toBe(2);
  });

  it('is read again with the same waits after the first success', async () => {
    const { secrets, reads } = secretOf('first', new Error('down'), 'second');
    await secrets();
    later();
    expect(await Promise.all([secrets(true), secrets(true)])).toEqual([['first'], ['first']]);
    expect(await secrets(true)).toEqual(['first']);
    expect(reads()).toBe(2);
    at.now += lifetimes.secretBackoffSeconds.first * 1000;
    expect(await secrets(true)).toEqual(['second', 'first']);
  });

  it('says when it is read again, so that whoever waits as told is not refused', async () => {
    const { secrets, reads } = secretOf(...Array.from({ length: 8 }, () => new Error('down')), 'x');
    for (let failures = 0; failures < 8; failures += 1) {
      const failed: unknown = await secrets().catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(SecretUnknown);
      if (!(failed instanceof SecretUnknown)) return;
      expect(failed.cause).toEqual(new Error('down'));
      expect(reads()).toBe(failures + 1);
      at.now += failed.retryAfterSeconds * 1000;
    }
    expect(await secrets()).toEqual(['x']);
  });

  it('gives each request an error of its own, since handlers write into what they catch', async () => {
    const { secrets } = secretOf(new Error('down'));
    const [first, second] = await Promise.all(
      [secrets, secrets].map((read, index) =>
        Promise.resolve(index).then(() => read().catch((error: unknown) => error)),
      ),
    );
    const third: unknown = await secrets().catch((error: unknown) => error);
    expect([first, second].includes(third)).toBe(false);
  });
});
