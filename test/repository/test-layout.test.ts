import { misplacedTests } from './test-layout.ts';
import { filesUnder } from './tracked-files.ts';

const paths = filesUnder('.').map(({ path }) => path);

describe('the layout of the tests', () => {
  test('mirrors the sources: each test is about a file, a room, or what the list says', () => {
    expect(misplacedTests(paths)).toEqual({ misplaced: [], unknown: [] });
  });

  test('a test of nothing is found', () => {
    expect(misplacedTests([...paths, 'test/lib/nothing.test.ts']).misplaced).toEqual([
      'lib/nothing',
    ]);
  });
});

/** An upper bound on elapsed time: a slow machine fails it, whatever is right. */
const judgesSpeed = /expect\([^;]*(?:performance\.now\(\)|\btook\b|elapsed)[^;]*\)\s*\.toBeLess/;

/** The last argument of a test or of a hook, on its line or on one of its own. */
const ownBound = /^\s*\},\s*(?:[\d_]{4,}|\w+Milliseconds),?\s*\);$/m;

const tests = () =>
  filesUnder('test').filter(
    ({ path }) => path.endsWith('.test.ts') && !path.endsWith('test-layout.test.ts'),
  );

const testsWith = (fault: RegExp) =>
  tests()
    .filter(({ text }) => fault.test(text))
    .map(({ path }) => path);

describe('no test judges by the clock', () => {
  test('how fast something was', () => {
    expect(tests().length).toBeGreaterThan(100);
    expect(testsWith(judgesSpeed)).toEqual([]);
  });

  /** Twelve requests in one minute are twelve on one machine, and ten on another. */
  test('whether a minute was over', () => {
    const limited = ['test/e2e', 'test/browser']
      .flatMap((folder) => filesUnder(folder))
      .filter(({ path, text }) => path.endsWith('.test.ts') && /\b429\b|userLimits/.test(text));
    expect(limited.length).toBeGreaterThan(5);
    expect(
      limited.filter(({ text }) => !text.includes('clock.stop()')).map(({ path }) => path),
    ).toEqual([]);
  });

  /** One bound on hanging for all (jest.config.ts): a smaller one is a measure of speed. */
  test('whether a test was done in time', () => {
    expect(testsWith(ownBound)).toEqual([]);
  });

  test('one that does is found', () => {
    expect('expect(performance.now() - start).toBeLessThan(1000);').toMatch(judgesSpeed);
    expect('expect(took).toBeLessThanOrEqual(5);').toMatch(judgesSpeed);
    expect('expect(performance.now() - start).toBeGreaterThan(50);').not.toMatch(judgesSpeed);
    expect('  }, 120_000);').toMatch(ownBound);
    expect('  },\n  startMilliseconds,\n);').toMatch(ownBound);
  });
});
