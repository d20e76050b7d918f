import { randomBytes, randomUUID } from 'node:crypto';
import { shareOf } from '../../../lambdas/authorizer/usage-plan-share.ts';

const key = randomBytes(24).toString('hex');
const subjects = Array.from({ length: 2000 }, () => randomUUID());

it('is the same share for a subject each time, and one of those there are', () => {
  for (const sub of subjects) {
    const share = shareOf(sub, key, 16);
    expect(shareOf(sub, key, 16)).toBe(share);
    expect(Number.isInteger(share) && share >= 0 && share < 16).toBe(true);
  }
});

it('divides users evenly enough that no share has twice its part', () => {
  const counts = new Map<number, number>();
  for (const sub of subjects) {
    const share = shareOf(sub, key, 16);
    counts.set(share, (counts.get(share) ?? 0) + 1);
  }
  expect(counts.size).toBe(16);
  expect(Math.max(...counts.values())).toBeLessThan(250);
});

it('cannot be told without the key', () => {
  const another = randomBytes(24).toString('hex');
  const moved = subjects.filter((sub) => shareOf(sub, key, 16) !== shareOf(sub, another, 16));
  expect(moved.length).toBeGreaterThan(subjects.length / 2);
});
