import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/**
 * What may be there at the end: folders of `temporaryFolder`, those of a CDK app that names none of
 * its own, and Node's cache of compiled code.
 */
const expected = /^(?:test-|cdk\.out|node-compile-cache$)/;

/**
 * Jest environment: each test file has a temporary folder of its own, for itself and the programs
 * that it starts. Whatever else it leaves in there, a command or a test has forgotten, and the file
 * fails.
 */
export default class OwnTemporaryFolder extends TestEnvironment {
  constructor(config, context) {
    const before = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    // The tests are given a copy of these variables; Node's own modules read the original.
    process.env.TMPDIR = folder;
    super(config, context);
    this.temporary = { before, folder };
  }

  async teardown() {
    await super.teardown();
    const { before, folder } = this.temporary;
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    const left = readdirSync(folder).filter((name) => !expected.test(name));
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(
        `Left in the temporary folder: ${left.join(', ')}. Remove it, or make it with temporaryFolder (test/temporary-folder.ts).`,
      );
  }
}
