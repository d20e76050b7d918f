import type { Config } from 'jest';

const shared = {
  // Node loads the tests itself, and strips their types.
  transform: {},
  testRunner: '<rootDir>/test/native-runner.mjs',
  testEnvironment: '<rootDir>/test/environment.mjs',
  modulePathIgnorePatterns: [
    '<rootDir>/cdk.out',
    '<rootDir>/.local',
    '<rootDir>/dist',
    '<rootDir>/artifacts',
    '<rootDir>/examples',
  ],
} satisfies Config;

const config: Config = {
  // A bound on hanging, not a measure of speed: machines are shared and slow at times.
  testTimeout: 900_000,
  reporters: ['default', '<rootDir>/test/results-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '\\.slow\\.test\\.ts$',
        '<rootDir>/test/(e2e|browser|conformance|load)/',
      ],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.slow\\.test\\.ts$'],
    },
    // Each of these synthesizes, compiles or starts the whole project many times over, or waits:
    // run by CI, as `npm test` should take minutes.
    { ...shared, displayName: 'slow', testMatch: ['<rootDir>/test/**/*.slow.test.ts'] },
    // Needs Debian's Chromium: run by `npm run test:browser`, not by `npm test`.
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    // Takes two minutes of both cores: run by `npm run test:load`.
    { ...shared, displayName: 'load', testMatch: ['<rootDir>/test/load/**/*.test.ts'] },
  ],
};

export default config;
