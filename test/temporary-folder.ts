import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that goes when its test file has ended: test/environment.mjs removes it. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'test-'));
