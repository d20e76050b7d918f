import { globSync } from 'node:fs';
import { configureGlobal } from 'fast-check';
import { provideJest, runTests } from './run-tests.ts';
import { type Declare, testProgram } from './test-program.ts';

/** Stryker's name for the object by which it talks with the code that it has changed. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: Coverage | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

interface Coverage {
  static: Record<string, number>;
  perTest: Record<string, Record<string, number>>;
}

interface TestFile {
  readonly path: string;
  readonly declare: Declare;
}

interface MutantRun {
  readonly activeMutant: { readonly id: string };
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
}

const instrumented: Instrumented = {};

/** Stryker's `TestStatus`. */
const testStatus = { passed: 0, failed: 1 };

const idOf = ({ path }: TestFile, name: string) => `${path} > ${name}`;

interface Change {
  readonly activeMutant?: string;
  /** Ids of tests; all when it is left out. */
  readonly wanted: readonly string[] | undefined;
  /** How often a test may reach the place; `undefined` stands for what is outside of tests. */
  readonly mostHits?: (test: string | undefined) => number;
}

async function runChanged(file: TestFile, { activeMutant, wanted, mostHits }: Change) {
  instrumented.activeMutant = activeMutant;
  instrumented.mutantCoverage = { static: {}, perTest: {} };
  let isEndless = false;
  const onTest = (name?: string) => {
    const { hitCount = 0, hitLimit = Number.POSITIVE_INFINITY } = instrumented;
    isEndless ||= hitCount > hitLimit;
    instrumented.hitCount = 0;
    instrumented.hitLimit = mostHits?.(name === undefined ? undefined : idOf(file, name));
  };
  onTest();
  isEndless = false;
  const outcome = await runTests({
    declare: file.declare,
    isWanted: (name) => wanted?.includes(idOf(file, name)) ?? true,
    isFirstFailureEnough: true,
    onTest,
  });
  onTest();
  return { tests: outcome.tests, failure: outcome.failure, isStuck: outcome.isStuck, isEndless };
}

/** The tests of one room, kept loaded in one process, for Stryker (its `TestRunner` interface). */
class InProcessRunner {
  readonly #patterns: readonly string[];
  readonly #alone = new Set<string>();
  #files: readonly TestFile[] = [];
  #coverage: Coverage | undefined;

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    Object.assign(globalThis, { __stryker__: instrumented });
    provideJest();
    // A verdict is the same each time.
    configureGlobal({ seed: 1 });
    const root = process.cwd();
    const paths = this.#patterns
      .flatMap((pattern) => globSync(pattern, { cwd: root }).toSorted())
      .filter((path) => !path.endsWith('.slow.test.ts'));
    this.#files = await Promise.all(
      [...new Set(paths)].map(async (path) => ({ path, declare: await testProgram(root, path) })),
    );
  }

  /** The unchanged program: how long each test takes, and which changes it reaches. */
  async dryRun() {
    instrumented.activeMutant = undefined;
    instrumented.hitLimit = undefined;
    const coverage: Coverage = { static: {}, perTest: {} };
    instrumented.mutantCoverage = coverage;
    const tests: object[] = [];
    const times = new Map<TestFile, number>();
    for (const file of this.#files) {
      const begun = Date.now();
      const outcome = await runTests({
        declare: file.declare,
        isFirstFailureEnough: false,
        onTest: (name) => {
          instrumented.currentTestId = name === undefined ? undefined : idOf(file, name);
        },
      });
      if (outcome.failure !== undefined || outcome.isStuck)
        return { status: 'error', errorMessage: `${file.path}: ${outcome.failure ?? 'is stuck'}` };
      times.set(file, Date.now() - begun);
      for (const { name, failure, milliseconds } of outcome.tests)
        tests.push({
          id: idOf(file, name),
          name: idOf(file, name),
          timeSpentMs: milliseconds,
          status: failure === undefined ? testStatus.passed : testStatus.failed,
          failureMessage: failure,
        });
    }
    this.#coverage = coverage;
    // The quick ones first: most changes are noticed by any test.
    const seconds = (file: TestFile) => times.get(file) ?? 0;
    this.#files = this.#files.toSorted((one, other) => seconds(one) - seconds(other));
    return { status: 'complete', tests, mutantCoverage: coverage };
  }

  async mutantRun(run: MutantRun) {
    const { activeMutant, testFilter } = run;
    let nrOfTests = 0;
    for (const file of this.#files) {
      const wanted = testFilter?.filter((id) => id.startsWith(idOf(file, '')));
      if (wanted?.length === 0) continue;
      const { tests, failure, isStuck, isEndless } = await runChanged(file, {
        activeMutant: activeMutant.id,
        wanted,
        mostHits: this.#mostHits(run),
      });
      nrOfTests += tests.length;
      if (isStuck) return { status: 'timeout', reason: `${file.path} is stuck` };
      if (isEndless) return { status: 'timeout', reason: `${file.path} goes on for ever` };
      const failed = tests.find((test) => test.failure !== undefined);
      if (failed === undefined && failure === undefined) continue;
      const killer = failed && idOf(file, failed.name);
      if (killer !== undefined && !(await this.#passesAlone(file, killer)))
        return { status: 'error', errorMessage: `${killer}: needs other tests before it` };
      const killedBy = killer === undefined ? [] : [killer];
      return {
        status: 'killed',
        killedBy,
        failureMessage: failed?.failure ?? failure,
        nrOfTests,
      };
    }
    return { status: 'survived', nrOfTests };
  }

  /** A place that is reached so much more often than before is a loop that does not end. */
  #mostHits({ activeMutant: { id }, hitLimit = Number.POSITIVE_INFINITY }: MutantRun) {
    const coverage = this.#coverage;
    // A process that was started anew has not seen the unchanged program.
    if (!coverage) return () => hitLimit;
    const loading = coverage.static[id] ?? 0;
    return (test: string | undefined): number => {
      const before = test === undefined ? 0 : (coverage.perTest[test]?.[id] ?? 0);
      return 10 * (loading + before) + 1000;
    };
  }

  /** A test that only passes after others would fail on any mutant, since not all tests run. */
  async #passesAlone(file: TestFile, test: string): Promise<boolean> {
    if (this.#alone.has(test)) return true;
    const { tests, failure } = await runChanged(file, { wanted: [test] });
    const passes = failure === undefined && tests.every((outcome) => outcome.failure === undefined);
    if (passes) this.#alone.add(test);
    return passes;
  }
}

const createRunner = ({ inProcess }: { inProcess: { tests: readonly string[] } }) =>
  new InProcessRunner(inProcess.tests);
// What Stryker gives the factory.
createRunner.inject = ['options'];

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory: createRunner }];

export const strykerValidationSchema = {
  properties: { inProcess: { type: 'object', properties: { tests: { type: 'array' } } } },
};
