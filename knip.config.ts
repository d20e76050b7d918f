import type { KnipConfig } from 'knip';

/** `npm run check` fails on a file, an export or a dependency that nothing uses. */
const config: KnipConfig = {
  entry: [
    'lib/index.ts',
    'lambdas/*/handler.ts',
    'lambdas/mcp/{authoring,testing}/index.ts',
    'lambdas/aws/tool-secrets.ts',
    'lambdas/mcp/manifest/write-manifest.ts',
    'lambdas/mcp/default-server/server.ts',
    'lambdas/mcp/default-server/{tools,prompts,resources}/*.ts',
    'local/lambda/worker.ts',
    'bin/*.{ts,cjs}',
    'test/**/*.mjs',
    'test/**/*.test.ts',
    'test/**/definitions/**/*.ts',
    'test/conformance/*.ts',
    'test/fuzz/*.ts',
    'test/judges/run-*.ts',
    // Loaded by Stryker.
    'test/mutation/runner.ts',
    'test/e2e/*/definitions-app.ts',
    'examples/**/*.ts',
  ],
  project: ['{lib,lambdas,local,policy,bin,test}/**/*.{ts,mjs,cjs}'],
  ignoreExportsUsedInFile: true,
  // Where the machine has it; and our own.
  ignoreBinaries: ['cfn-lint', 'gatehouse'],
  ignoreDependencies: [
    // Tests start these as programs, by their path.
    '@arethetypeswrong/cli',
    '@modelcontextprotocol/conformance',
    '@modelcontextprotocol/inspector',
    'axe-core',
    'mcp-remote',
    'mcporter',
    'publint',
    // These come with jest, and have to be its version.
    '@jest/fake-timers',
    'expect',
    'jest-circus',
    'jest-mock',
  ],
};

export default config;
