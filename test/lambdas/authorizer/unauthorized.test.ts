import { Unauthorized, withoutUnauthorized } from '../../../lambdas/authorizer/unauthorized.ts';

it('is the message that API Gateway makes a 401 of', () => {
  expect(String(new Unauthorized())).toBe('Unauthorized: Unauthorized');
  expect(new Unauthorized().message).toBe('Unauthorized');
});

describe('what is written of the errors that a handler throws', () => {
  const written = (...values: readonly unknown[]): readonly (readonly unknown[])[] => {
    const lines: unknown[][] = [];
    withoutUnauthorized((...line) => lines.push([...line]))(...values);
    return lines;
  };

  it('is nothing for a 401, however the runtime passes it', () => {
    expect(written(new Unauthorized())).toEqual([]);
    expect(written('Invoke Error', new Unauthorized())).toEqual([]);
  });

  it('is everything for another, also one that only says the same', () => {
    const failure = new Error('Unauthorized');
    expect(written(failure)).toEqual([[failure]]);
    expect(written('text', 1)).toEqual([['text', 1]]);
  });
});
