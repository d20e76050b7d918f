import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildText } from '../../../lib/bundle/build.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-native-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a native module is refused with the fix, and left alone where it is external', () => {
  writeFileSync(join(folder, 'crc32.node'), '');
  writeFileSync(
    join(folder, 'index.js'),
    "import crc32 from './crc32.node'; export default crc32;",
  );
  const entry = `export { default } from ${JSON.stringify(join(folder, 'index.js'))};`;
  expect(() => buildText(folder, entry, {})).toThrow(
    /crc32\.node[\s\S]*\nA native module is not bundled: name its package in tools\.bundling\.externalModules, and give/,
  );
  const { code } = buildText(folder, entry, {}, { externalModules: ['./crc32.node'] });
  expect(Buffer.from(code).toString()).toContain('crc32.node');
});
