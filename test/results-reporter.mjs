import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { testedSources } from '../bin/audit/tested-sources.ts';
import { auditFiles } from '../policy/audit.ts';

const root = join(import.meta.dirname, '..');

/** What each test file said last, for `gatehouse audit`: a run of a few files keeps the others. */
const keepResults = (testResults, sources) => {
  const file = join(root, auditFiles.testResults);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const now = testResults
    .filter(({ skipped }) => !skipped)
    .map((each) => {
      const test = relative(root, each.testFilePath).replaceAll('\\', '/');
      return [
        test,
        {
          passed: each.numPassingTests,
          failed: each.numFailingTests + (each.testExecError ? 1 : 0),
          skipped: each.numPendingTests + each.numTodoTests,
          at: new Date(each.perfStats.end).toISOString(),
          sources: sources(test),
        },
      ];
    });
  mkdirSync(dirname(file), { recursive: true });
  // Two runs at once each leave a whole file.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, `${JSON.stringify({ ...before, ...Object.fromEntries(now) }, null, 1)}\n`);
  renameSync(written, file);
};

/**
 * Jest reporter: leaves the counts of a run in $GATEHOUSE_TEST_RESULTS, for count-results.mjs to
 * add up, and what each file said.
 */
export default class ResultsReporter {
  onRunStart() {
    // What is edited from now on was not tested.
    this.sources = testedSources(root);
  }

  onRunComplete(
    _contexts,
    {
      testResults,
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numFailedTestSuites,
      numRuntimeErrorTestSuites,
    },
  ) {
    keepResults(testResults, this.sources);
    const folder = process.env.GATEHOUSE_TEST_RESULTS;
    if (!folder) return;
    // A suite that could not even start has no failed test to its name, yet it failed.
    const failed = Math.max(
      numFailedTests + numRuntimeErrorTestSuites,
      numFailedTestSuites > 0 ? 1 : 0,
    );
    writeFileSync(
      join(folder, `${process.pid}-${Date.now()}.json`),
      JSON.stringify({ passed: numPassedTests, failed, skipped: numPendingTests }),
    );
  }
}
