import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './tracked-files.ts';

const root = join(import.meta.dirname, '../..');

describe('CONTRIBUTING.md', () => {
  const [{ text } = { text: '' }] = filesUnder('CONTRIBUTING.md');
  const named = Array.from(
    text.matchAll(/`((?:bin|lambdas|lib|local|policy|test)\/[^`]*)`/g),
    ([, path = '']) => path,
  );

  test('names only files and folders that are there', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names every file that opens the table', () => {
    const opening = filesUnder('lambdas')
      .filter(({ path, text }) => /\btable\(\{/.test(text) && path !== 'lambdas/aws/table.ts')
      .map(({ path }) => path);
    expect(opening.filter((path) => !named.includes(path))).toEqual([]);
  });
});
