import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditFiles } from '../policy/audit.ts';
import { readTestResults } from './audit/test-results.ts';
import { testedSources } from './audit/tested-sources.ts';

// Part of packing the package (`prepack`): what the release's tests said goes with it, so that
// `gatehouse audit` in an app has it. Without them an app's audit is red, and says why.
const root = join(import.meta.dirname, '..');
const sources = testedSources(root);
const results = Object.entries(readTestResults(join(root, auditFiles.testResults)));
// An app cannot see what a test ran with: its audit takes the release's word.
const fresh = results.filter(([test, last]) => last.sources === sources(test));
const stale = results.length - fresh.length;
if (fresh.length > 0)
  writeFileSync(
    join(root, auditFiles.releasedTestResults),
    `${JSON.stringify(Object.fromEntries(fresh), null, 1)}\n`,
  );
if (stale > 0)
  console.warn(`Results of ${stale} tests are of other sources than these, and stay out.`);
if (fresh.length === 0 || stale > 0)
  console.warn('The package lacks results of tests: run npm test before packing a release.');
