import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurations } from './configurations.ts';

const root = join(import.meta.dirname, '..', '..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** The optional properties of the interfaces that an operator writes. */
const keysOf = (path: string): readonly string[] =>
  Array.from(textOf(path).matchAll(/^ {2}readonly (\w+)\??:/gm), ([, key = '']) => key);

const written = textOf('test/judges/configurations.ts');

test.each(
  [...new Set([...keysOf('lib/gatehouse-props.ts'), ...keysOf('lib/tool-settings.ts')])].filter(
    (key) => !['entry', 'vpcSubnets', 'title', 'name'].includes(key),
  ),
)('some judged configuration has the property %s', (key) => {
  expect(written).toMatch(new RegExp(`\\b${key}\\b`));
});

test('the entry of an own folder is judged by the example app', () => {
  expect(textOf('examples/orders/orders-stack.ts')).toContain('entry:');
});

test('every configuration is described in a document that exists, under a name of its own', () => {
  for (const { describedIn } of configurations)
    expect(existsSync(join(root, describedIn))).toBe(true);
  expect(new Set(configurations.map(({ name }) => name)).size).toBe(configurations.length);
});
