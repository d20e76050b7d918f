import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { withoutQueries } from './own-modules.mjs';

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

/** Where Jest looks for the bound that a file sets for its tests. */
const testTimeout = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** `jest` in the tests, which use nothing else of it. */
const jestObject = (mocker, timers) => ({
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  useFakeTimers: timers.useFakeTimers.bind(timers),
  useRealTimers: timers.useRealTimers.bind(timers),
  getTimerCount: timers.getTimerCount.bind(timers),
  advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
  advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
  setTimeout: (milliseconds) => {
    globalThis[testTimeout] = milliseconds;
  },
});

/** Who hears of errors that nobody caught, and of signals. */
const listeners = () =>
  process
    .eventNames()
    .filter((name) => /^(?:uncaughtException|unhandledRejection|SIG\w+)$/.test(String(name)))
    .flatMap((name) => process.rawListeners(name).map((listener) => ({ name, listener })));

/** What a test file may change of its process. */
const processState = () => ({
  env: process.env,
  variables: { ...process.env },
  folder: process.cwd(),
  globals: Object.getOwnPropertyDescriptors(globalThis),
  exit: process.exit,
  listening: new Set(listeners().map(({ listener }) => listener)),
});

const restore = ({ env, variables, folder, globals, exit, listening }) => {
  // A test may have put a copy in its place, which Node itself does not look at.
  process.env = env;
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  Object.assign(process.env, variables);
  process.chdir(folder);
  process.exit = exit;
  for (const { name, listener } of listeners())
    if (!listening.has(listener)) process.off(name, listener);
  delete globalThis[testTimeout];
  // What else is new there is a package's, which is not loaded again.
  Object.defineProperties(globalThis, globals);
};

/**
 * Jest environment: each test file has a temporary folder of its own, for itself and the programs
 * that it starts. Whatever else it leaves in there, a command or a test has forgotten, and the file
 * fails. The files of a worker share its process, its global object and its packages
 * (own-modules.mjs): what one changes there is put back after it.
 */
export default class OwnTemporaryFolder {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);

  constructor({ projectConfig }) {
    this.before = processState();
    this.folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
    process.env.TMPDIR = this.folder;
    // A CDK CLI that a test starts tells nobody of it, and leaves no file about it.
    process.env.CDK_DISABLE_CLI_TELEMETRY = 'true';
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    globalThis.jest = jestObject(this.moduleMocker, this.fakeTimersModern);
  }

  async setup() {}

  /** None: there is no context but the worker's own. */
  getVmContext() {
    return null;
  }

  /** Jest shows an error of this class in the place of the tests': what failed says more. */
  handleTestEvent({ name, error }) {
    if (!/^(?:test_fn|hook)_failure$/.test(name)) return;
    this.failed = true;
    if (error instanceof Error) error.stack = withoutQueries(error.stack ?? '');
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    restore(this.before);
    forgetCdkFolder();
    const left = readdirSync(this.folder).filter((name) => !expected.test(name));
    rmSync(this.folder, { recursive: true, force: true });
    if (left.length > 0 && !this.failed)
      throw new Error(
        `Left in the temporary folder: ${left.join(', ')}. Remove it, or make it with temporaryFolder (test/temporary-folder.ts).`,
      );
  }
}
