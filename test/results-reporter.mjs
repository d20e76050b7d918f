import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Jest reporter: leaves the counts of a run in $GATEHOUSE_TEST_RESULTS, for count-results.mjs to
 * add up.
 */
export default class ResultsReporter {
  onRunComplete(
    _contexts,
    {
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numFailedTestSuites,
      numRuntimeErrorTestSuites,
    },
  ) {
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
