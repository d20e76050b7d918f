/** Names of what `gatehouse audit` reads and writes. */
export const auditFiles = {
  /** Below the folder of the app. */
  folder: 'audit',
  /** What the last run of each test said; the test runner leaves it. */
  testResults: '.local/test-results.json',
  /** The same of a release, in its package. */
  releasedTestResults: 'dist/test-results.json',
} as const;
