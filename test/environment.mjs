import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { loader } from './shared-module-transform.mjs';

const require = createRequire(import.meta.url);

/**
 * What may be there at the end: folders of `temporaryFolder`, those of a CDK app that names none of
 * its own, and the caches of Node, and of a Jest or tsx that a test starts.
 */
const expected = /^(?:test-|cdk\.out|node-compile-cache$|jest_|tsx-)/;

/** The CDK asks once where temporary folders are, and this one is about to go. */
const forgetCdkFolder = () => {
  const path = require.resolve('aws-cdk-lib/core');
  if (require.cache[path] !== undefined) require(path).FileSystem._tmpdir = undefined;
};

/**
 * Jest environment: each test file has a temporary folder of its own, for itself and the programs
 * that it starts. Whatever else it leaves in there, a command or a test has forgotten, and the file
 * fails. The CDK's own modules are the worker's (shared-module-transform.mjs).
 */
export default class OwnTemporaryFolder extends TestEnvironment {
  constructor(config, context) {
    const before = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    // The tests are given a copy of these variables; Node's own modules read the original.
    process.env.TMPDIR = folder;
    // A CDK CLI that a test starts tells nobody of it, and leaves no file about it.
    process.env.CDK_DISABLE_CLI_TELEMETRY = 'true';
    super(config, context);
    this.temporary = { before, folder };
    this.global[Symbol.for(loader)] = require;
  }

  /** Jest shows an error of this class in the place of the tests': what failed says more. */
  handleTestEvent({ name }) {
    if (/^(?:test_fn|hook)_failure$/.test(name)) this.failed = true;
  }

  async teardown() {
    await super.teardown();
    const { before, folder } = this.temporary;
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    forgetCdkFolder();
    const left = readdirSync(folder).filter((name) => !expected.test(name));
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0 && !this.failed)
      throw new Error(
        `Left in the temporary folder: ${left.join(', ')}. Remove it, or make it with temporaryFolder (test/temporary-folder.ts).`,
      );
  }
}
