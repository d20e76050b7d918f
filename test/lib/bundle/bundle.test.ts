import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleError } from '../../../lib/bundle/build.ts';
import { bundles } from '../../../lib/bundle/bundle.ts';
import { type FunctionName, functionNames } from '../../../policy/functions.ts';

const made = bundles();

const mostKilobytes: Readonly<Record<FunctionName, number>> = {
  authorizer: 79,
  metadata: 108,
  registration: 133,
  authorization: 149,
  token: 176.5,
  mcp: 203,
  health: 111.5,
  'pre-sign-up': 21.2,
  'pre-token-generation': 17.8,
  'audit-trail': 20,
};

/** A folder of definitions with the given files in tools/. */
const withTools = <T>(tools: Readonly<Record<string, string>>, use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
  try {
    for (const each of ['tools', 'prompts', 'resources']) mkdirSync(join(folder, each));
    for (const [file, source] of Object.entries(tools))
      writeFileSync(join(folder, 'tools', file), source);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('the bundles', () => {
  test('are one ES module a function', () => {
    expect(Object.keys(made.byFunction).sort()).toEqual([...functionNames].sort());
    for (const { code } of Object.values(made.byFunction))
      expect(Buffer.from(code).toString()).toMatch(/export\{[\w$]+ as handler\}/);
  });

  // A cold start compiles every byte. Who makes one larger raises its figure here, knowingly; who
  // makes one smaller lowers it.
  test.each(functionNames.map((name) => [name, mostKilobytes[name]] as const))(
    'are small: %s has at most %d KB',
    (name, most) => {
      const { byteLength } = made.byFunction[name].code;
      expect(byteLength / 1024).toBeLessThanOrEqual(most);
      // A figure far above says nothing.
      expect(byteLength / 1024).toBeGreaterThan(most * 0.9);
    },
  );

  test('all have such a figure', () => {
    expect(Object.keys(mostKilobytes).sort()).toEqual([...functionNames].sort());
  });

  test('have no pattern of Unicode’s properties that the engine makes while it reads the code', () => {
    for (const { code } of Object.values(made.byFunction))
      expect(Buffer.from(code).toString()).not.toMatch(/(?<!\\)\\p\{/i);
  });

  test('are ASCII, which the engine reads as one byte a character', () => {
    for (const [name, { code }] of Object.entries(made.byFunction))
      expect([name, Buffer.from(code).every((byte) => byte < 0x80)]).toEqual([name, true]);
  });

  test('load no built-in module that brings others along', () => {
    for (const [name, { code }] of Object.entries(made.byFunction))
      expect([
        name,
        /from"(?:node:)?(?:http|stream\/web|undici)"/.test(Buffer.from(code).toString()),
      ]).toEqual([name, false]);
  });

  test('name no path of the machine that built them', () => {
    for (const { code, sourceMap } of Object.values(made.byFunction)) {
      expect(Buffer.from(code).includes(process.cwd())).toBe(false);
      expect(JSON.stringify(sourceMap)).not.toContain(process.cwd());
    }
  });

  test('come with the places of their sources, by names that are the same on every machine', () => {
    const { sources } = made.byFunction.mcp.sourceMap;
    for (const name of [
      'tools/whoami.ts',
      'lambdas/mcp/serve.ts',
      'node_modules/zod/v4/core/core.js',
    ])
      expect(sources).toContain(name);
    expect(made.byFunction.token.sourceMap.sources).toContain('lambdas/token/handler.ts');
    // The code does not name the map: only a failure reads it.
    expect(Buffer.from(made.byFunction.mcp.code).toString()).not.toContain('sourceMappingURL');
  });

  test('tell the authorizer what the definitions ask for, without loading a tool', () => {
    const authorizer = Buffer.from(made.byFunction.authorizer.code).toString();
    expect(authorizer).toContain('whoami');
    expect(authorizer).not.toContain('REQUIRED_SCOPES');
  });

  test('are made once a process', () => {
    expect(bundles()).toBe(made);
  });
});

describe('the definitions', () => {
  test('describe themselves', () => {
    expect(made.manifest.requiredScopes).toMatchObject({
      tools: { whoami: expect.any(Array), security_posture: expect.any(Array) },
    });
  });

  test('that cannot be served fail the build, with the file and the reason', () => {
    expect(() => withTools({ 'broken.ts': 'export default {};' }, bundles)).toThrow(
      /tools\/broken\.ts: its default export is not made by defineTool/,
    );
  });

  test('may be tools alone, but not nothing at all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
    try {
      expect(() => bundles(folder)).toThrow(/holds no definition/);
      mkdirSync(join(folder, 'tools'));
      const whoami = join(
        import.meta.dirname,
        '../../../lambdas/mcp/default-server/tools/whoami.ts',
      );
      writeFileSync(
        join(folder, 'tools', 'whoami.ts'),
        `export { default } from ${JSON.stringify(whoami)};`,
      );
      writeFileSync(
        join(folder, 'server.ts'),
        `export default { kind: 'server', name: 'orders', title: 'Orders', version: '2.1.0' };`,
      );
      expect(bundles(folder).manifest.requiredScopes).toMatchObject({
        tools: { whoami: [] },
        prompts: {},
        resources: {},
      });
      expect(Buffer.from(bundles(folder).byFunction.mcp.code).toString()).toMatch(
        /server:\{name:"orders",title:"Orders",version:"2\.1\.0"\}/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('are bundled as their team says: texts, names, and modules of the runtime', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-definitions-'));
    try {
      mkdirSync(join(folder, 'tools'));
      writeFileSync(join(folder, 'tools', 'help.md'), 'how to ask for an order');
      const whoami = join(
        import.meta.dirname,
        '../../../lambdas/mcp/default-server/tools/whoami.ts',
      );
      writeFileSync(
        join(folder, 'tools', 'whoami.ts'),
        [
          `import help from './help.md';`,
          `globalThis.help = [help, TEAM, () => import('@aws-sdk/client-s3')];`,
          `export { default } from ${JSON.stringify(whoami)};`,
        ].join('\n'),
      );
      const options = {
        loader: { '.md': 'text' as const },
        define: { TEAM: '"orders"' },
        externalModules: ['@aws-sdk/*'],
      };
      const code = Buffer.from(bundles(folder, options).byFunction.mcp.code).toString();
      expect(code).toContain('how to ask for an order');
      expect(code).toContain('"orders"');
      expect(code).toContain('import("@aws-sdk/client-s3")');
      expect(() => bundles(folder)).toThrow(/No loader is configured for "\.md" files/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('that do not compile fail the build, with the place', () => {
    expect(() => withTools({ 'broken.ts': 'export default (' }, bundles)).toThrow(
      /broken\.ts:1:\d+: ERROR/,
    );
    expect(() => withTools({ 'broken.ts': 'export default (' }, bundles)).toThrow(BundleError);
  });
});
