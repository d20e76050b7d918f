import { filesUnder } from '../repository/tracked-files.ts';
import { killedPercent, resultOf } from './report.ts';
import { mutatedRooms } from './rooms.ts';
import { acceptedSurvivors } from './survivors.ts';

const mutant = (status: string, line: number) => ({
  status,
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  location: { start: { line } },
});
const report = (...mutants: readonly object[]) => ({
  files: { 'lambdas/a.ts': { source: 'one\n  two\n', mutants } },
});

describe('the report of mutation testing', () => {
  test('counts what no test noticed, and where', () => {
    const result = resultOf(
      report(
        ...['Killed', 'Timeout', 'Ignored'].map((status) => mutant(status, 1)),
        mutant('Survived', 2),
        mutant('RuntimeError', 1),
      ),
      [],
    );
    expect(result).toMatchObject({ killed: 2, accepted: 0 });
    expect(result.survivors).toEqual([
      expect.objectContaining({ file: 'lambdas/a.ts', lineNumber: 2, line: 'two' }),
      expect.objectContaining({ file: 'lambdas/a.ts', lineNumber: 1, line: 'one' }),
    ]);
    expect(killedPercent(result)).toBe(50);
  });

  test('leaves out a survivor that has a reason', () => {
    const accepted = { file: 'lambdas/a.ts', line: 'two', mutator: 'BooleanLiteral', reason: '-' };
    const result = resultOf(report(mutant('Survived', 2), mutant('Survived', 1)), [accepted]);
    expect(result).toMatchObject({ accepted: 1 });
    expect(result.survivors).toHaveLength(1);
    expect(killedPercent(resultOf(report(), []))).toBe(0);
  });

  test('every accepted survivor is still a line of its file, with a reason', () => {
    const lines = new Map(
      filesUnder('lambdas').map(({ path, text }) => [
        path,
        text.split('\n').map((line) => line.trim()),
      ]),
    );
    const gone = acceptedSurvivors.filter(
      ({ file, line, reason }) => !lines.get(file)?.includes(line) || reason.length < 20,
    );
    expect(gone).toEqual([]);
  });

  test('every room and its tests are there', () => {
    const paths = filesUnder('lambdas', 'test/lambdas').map(({ path }) => path);
    for (const [room, { tests }] of Object.entries(mutatedRooms)) {
      expect(paths.some((path) => path.startsWith(`lambdas/${room}/`))).toBe(true);
      const folders = tests.map((pattern) => pattern.slice(0, pattern.indexOf('**')));
      for (const folder of folders)
        expect({ folder, isThere: paths.some((path) => path.startsWith(folder)) }).toEqual({
          folder,
          isThere: true,
        });
    }
  });
});
