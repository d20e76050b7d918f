import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from '../../local/synthesis/fingerprint.ts';

/** What a test of a control can depend on. */
const tested = ['policy', 'lib', 'lambdas', 'package-lock.json'];

/** Names what a test runs with: its result says nothing of anything else. */
export type TestedSources = (test: string) => string | undefined;

/**
 * Looks at the sources of a checkout once.
 * @returns undefined for a test that is not there
 */
export const testedSources = (root: string): TestedSources => {
  const sources = hashOf(root, tested, '');
  return (test) => {
    const file = join(root, test);
    return existsSync(file)
      ? hashOf(root, [], `${sources}\0${readFileSync(file, 'utf8')}`).slice(0, 20)
      : undefined;
  };
};
