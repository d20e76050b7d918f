import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testedSources } from '../../../bin/audit/tested-sources.ts';

describe('what a test ran with', () => {
  let root: string;
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatehouse-tested-'));
    write('lambdas/token/refresh.ts', 'checks');
    write('test/refresh.test.ts', 'tests');
    write('test/other.test.ts', 'others');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const now = () => testedSources(root)('test/refresh.test.ts');

  test('is the same as long as nothing changes', () => {
    expect(now()).toMatch(/^[0-9a-f]{20}$/);
    expect(now()).toBe(now());
  });

  test.each([
    ['a handler', 'lambdas/token/refresh.ts'],
    ['a new figure of the policy', 'policy/limits.ts'],
    ['a construct', 'lib/api.ts'],
    ['the dependencies', 'package-lock.json'],
    ['the test itself', 'test/refresh.test.ts'],
  ])('is something else after a change of %s', (_, path) => {
    const before = now();
    write(path, 'changed');
    expect(now()).not.toBe(before);
  });

  test('does not change with another test or a document', () => {
    const before = now();
    write('test/other.test.ts', 'changed');
    write('docs/controls.md', 'changed');
    expect(now()).toBe(before);
  });

  test('is not known of a test that is not there', () => {
    expect(testedSources(root)('test/gone.test.ts')).toBeUndefined();
  });
});
