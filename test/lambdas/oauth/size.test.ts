import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const lambdas = join(import.meta.dirname, '..', '..', '..', 'lambdas');

const linesOf = (folder: string): number =>
  readdirSync(join(lambdas, folder)).reduce(
    (sum, file) => sum + readFileSync(join(lambdas, folder, file), 'utf8').split('\n').length - 1,
    0,
  );

describe('the OAuth front', () => {
  it('is read in one sitting: under 1,200 lines in all', () =>
    expect(['oauth', 'authorization', 'token'].map(linesOf).reduce((sum, lines) => sum + lines)).toBeLessThan(1200));
});
