import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';

/** The last run of each test file, as test/results-reporter.mjs leaves it. */
const results = z.record(
  z.string().max(300),
  z.strictObject({
    passed: z.int().min(0),
    failed: z.int().min(0),
    /** Left out by the run, or by the file itself. */
    skipped: z.int().min(0).default(0),
    /** When, as ISO 8601 has it. */
    at: z.iso.datetime(),
    /** What it ran with (tested-sources.ts). */
    sources: z.string().max(64).default(''),
  }),
);
export type TestResults = z.infer<typeof results>;

/** What helps an app whose package brought no results: the package is packed with what its tests said. */
export const installRelease =
  'install a gatehouse that was packed after its tests (in its repository: npm test && npm pack)';

/**
 * @param remedy - for a file that somebody broke
 * @returns no results where the file is not there: every control then lacks its test
 * @throws UserError where it is something else
 */
export const readTestResults = (
  file: string,
  remedy = 'remove it and run npm test',
): TestResults => {
  if (!existsSync(file)) return {};
  try {
    return results.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new UserError(`${file} holds no results of tests: ${remedy}.`);
  }
};
