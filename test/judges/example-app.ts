import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What the package exports, and the source of each. */
const exported = {
  index: 'lib/index.ts',
  definitions: 'lambdas/mcp/authoring/index.ts',
  table: 'lambdas/aws/table.ts',
  'public-fetch': 'lambdas/http/public-fetch.ts',
} as const;

/**
 * Synthesizes the app of `examples/orders` as somebody has it who installed the package; its
 * exports lead to the sources here, so that nothing is compiled first.
 * @param outdir where its templates go
 */
export const synthesizeExample = (outdir: string): void => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-example-'));
  try {
    cpSync(join(root, 'examples', 'orders'), folder, { recursive: true });
    install(join(folder, 'node_modules'));
    const run = spawnSync(process.execPath, ['app.ts'], {
      cwd: folder,
      encoding: 'utf8',
      // As in write-templates.ts: what CDK itself checks takes longer than the rest.
      env: { PATH: process.env['PATH'], CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    });
    if (run.status !== 0) throw new Error(`examples/orders does not synthesize:\n${run.stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const install = (modules: string): void => {
  const gatehouse = join(modules, 'gatehouse');
  mkdirSync(gatehouse, { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs', 'zod']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const [name, source] of Object.entries(exported))
    writeFileSync(
      join(gatehouse, `${name}.js`),
      `export * from ${JSON.stringify(join(root, source))};`,
    );
  const exports = Object.keys(exported).map((name) => [
    name === 'index' ? '.' : `./${name}`,
    `./${name}.js`,
  ]);
  writeFileSync(
    join(gatehouse, 'package.json'),
    JSON.stringify({ name: 'gatehouse', type: 'module', exports: Object.fromEntries(exports) }),
  );
};
