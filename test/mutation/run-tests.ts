import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import { Watch } from './watch.ts';

/** One test of a file, after a run. */
export interface TestOutcome {
  /** The names of its blocks and its own, joined; a repeated name gets a number. */
  readonly name: string;
  /** Of the first failure; none when the test passed. */
  readonly failure: string | undefined;
  readonly milliseconds: number;
}

export interface FileRun {
  /** Declares the tests. */
  readonly declare: () => void;
  /** Which tests run; all of them when it is left out. */
  readonly isWanted?: (name: string) => boolean;
  /** Told before a test's own hooks run, and with `undefined` after them. */
  readonly onTest?: (name: string | undefined) => void;
  /** Whether to leave out the rest after a failure. */
  readonly isFirstFailureEnough: boolean;
}

export interface FileOutcome {
  readonly tests: readonly TestOutcome[];
  /** What failed outside a test: the file itself, or a hook after all. */
  readonly failure: string | undefined;
  /** A test waited for something that could no longer come. */
  readonly isStuck: boolean;
}

const mocker = new ModuleMocker(globalThis);

/** What a test file finds in Jest; tests use nothing else of it. */
export function provideJest(): void {
  const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
  const spyOn = mocker.spyOn.bind(mocker);
  const restoreAllMocks = mocker.restoreAllMocks.bind(mocker);
  const jest = { fn: mocker.fn.bind(mocker), spyOn, restoreAllMocks };
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const console = new Console(silence);
  const hooks = { beforeAll, beforeEach, afterAll, afterEach };
  Object.assign(globalThis, { describe, it, test, expect, jest, console }, hooks);
}

type Test = NonNullable<circus.State['currentlyRunningTest']>;
type Block = circus.State['rootDescribeBlock'];

const ownName = ({ name, parent }: Test | Block): string =>
  parent?.parent === undefined ? name : `${ownName(parent)} ${name}`;

const testsOf = (block: Block): Test[] =>
  block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));

function namesOf(tests: readonly Test[]): Map<Test, string> {
  const times = new Map<string, number>();
  return new Map(
    tests.map((test) => {
      const name = ownName(test);
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      return [test, time === 1 ? name : `${name} (${time})`];
    }),
  );
}

const messageOf = (failure: unknown): string => {
  const error = Array.isArray(failure) ? (failure[0] ?? failure[1]) : failure;
  return error instanceof Error ? error.message : String(error);
};

/** A bound on hanging. */
const testTimeout = 60_000;

/** Runs one test file in this process, by Jest's own runner of tests. */
export async function runTests(run: FileRun): Promise<FileOutcome> {
  const environment = new Map(Object.entries(process.env));
  circus.resetState();
  const state = circus.getState();
  state.testTimeout = testTimeout;
  try {
    run.declare();
  } catch (error) {
    return { tests: [], failure: messageOf(error), isStuck: false };
  }
  const names = namesOf(testsOf(state.rootDescribeBlock));
  const skip = (test: Test) => {
    test.mode = 'skip';
  };
  for (const [test, name] of names) if (run.isWanted?.(name) === false) skip(test);
  const watch = new Watch();
  const onEvent = (event: circus.Event) => {
    if (event.name === 'test_start') run.onTest?.(names.get(event.test));
    // A test and its hooks end when there is nothing left to wait for.
    if (event.name === 'hook_start') event.hook.fn = watch.guard(event.hook.fn);
    if (event.name === 'test_fn_start') event.test.fn = watch.guard(event.test.fn);
    if (event.name !== 'test_done') return;
    run.onTest?.(undefined);
    if (run.isFirstFailureEnough && event.test.errors.length > 0) [...names.keys()].forEach(skip);
  };
  circus.addEventHandler(onEvent);
  const outside: unknown[] = [];
  const onStrayError = (error: unknown) => outside.push(error);
  process.on('uncaughtException', onStrayError).on('unhandledRejection', onStrayError);
  try {
    const { unhandledErrors } = await circus.run();
    outside.push(...unhandledErrors);
  } finally {
    watch.stop();
    circus.removeEventHandler(onEvent);
    process.off('uncaughtException', onStrayError).off('unhandledRejection', onStrayError);
    mocker.restoreAllMocks();
    for (const name of Object.keys(process.env))
      if (!environment.has(name)) delete process.env[name];
    for (const [name, value] of environment) process.env[name] = value;
  }
  const tests = [...names].filter(([test]) => test.status === 'done');
  return {
    tests: tests.map(([test, name]) => ({
      name,
      failure: test.errors.length > 0 ? messageOf(test.errors[0]) : undefined,
      milliseconds: test.duration ?? 0,
    })),
    failure: outside.length > 0 ? messageOf(outside[0]) : undefined,
    isStuck: watch.isStuck,
  };
}
