import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A small repository of its own, with this one's rules and the files that a test plants. */
const repositoryWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
};

const run = (folder: string, program: string, ...given: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', program), given, {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
};

describe('npm run check finds what is planted', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('an import cycle of types alone', () => {
    folder = repositoryWith({
      'lib/a.ts': "import type { B } from './b.ts';\n\nexport type A = B | 'a';\n",
      'lib/b.ts': "import type { A } from './a.ts';\n\nexport type B = A | 'b';\n",
      'test/no-type-assertion.grit': '',
    });
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    copyFileSync(
      join(root, 'test/no-type-assertion.grit'),
      join(folder, 'test/no-type-assertion.grit'),
    );
    const { status, output } = run(folder, 'biome', 'lint', '--diagnostic-level=error', 'lib');
    expect(output).toContain('noImportCycles');
    expect(status).not.toBe(0);
  });

  test('an export, a file and a dependency that nothing uses', () => {
    folder = repositoryWith({
      'package.json': JSON.stringify({ name: 'planted', dependencies: { 'left-behind': '1.0.0' } }),
      'lib/index.ts': "import { used } from './used.ts';\n\nexport const all = [used];\n",
      'lib/used.ts': 'export const used = 1;\nexport const deadName = 2;\n',
      'lib/dead-file.ts': 'export const nobody = 3;\n',
    });
    copyFileSync(join(root, 'knip.config.ts'), join(folder, 'knip.config.ts'));
    const { status, output } = run(folder, 'knip', '--no-progress');
    expect(output).toContain('deadName');
    expect(output).toContain('dead-file.ts');
    expect(output).toContain('left-behind');
    expect(status).not.toBe(0);
  });
});
