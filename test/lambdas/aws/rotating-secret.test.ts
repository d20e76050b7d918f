import { rotatingSecret } from '../../../lambdas/aws/rotating-secret.ts';
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
    () => at.now,
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

  it('is asked for anew as long as it was never read', async () => {
    const { secrets } = secretOf(new Error('down'), 'first');
    await expect(secrets()).rejects.toThrow('down');
    expect(await secrets()).toEqual(['first']);
  });
});
