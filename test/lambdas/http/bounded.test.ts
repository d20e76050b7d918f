import * as z from 'zod/mini';
import { list, text } from '../../../lambdas/http/bounded.ts';

test('a text that is too long is looked at no further', () => {
  const looked: number[] = [];
  const schema = text(10).check(
    z.refine((given) => {
      looked.push(given.length);
      return true;
    }),
  );
  expect(schema.safeParse('x'.repeat(10)).success).toBe(true);
  expect(schema.safeParse('x'.repeat(11)).success).toBe(false);
  expect(looked).toEqual([10]);
});

test('a list that is too long has none of its items looked at', () => {
  let looked = 0;
  const item = text(10).check(
    z.refine(() => {
      looked += 1;
      return true;
    }),
  );
  expect(list(item, 3).safeParse(['a', 'b', 'c']).data).toEqual(['a', 'b', 'c']);
  expect(looked).toBe(3);
  const refused = list(item, 3).safeParse(Array.from({ length: 100_000 }, () => 'a'));
  expect(refused.error?.issues).toHaveLength(1);
  expect(looked).toBe(3);
  expect(list(item, 3).safeParse(['a', 1]).success).toBe(false);
});
