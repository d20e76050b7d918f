import { sabotages } from './sabotage.ts';
import { filesUnder } from './tracked-files.ts';

test('what a sabotage takes out stands in the program, once, and the test that it names is there', () => {
  const textOf = (path: string) => filesUnder(path)[0]?.text ?? '';
  const missing = sabotages.flatMap(({ edits, testFile }) => [
    ...edits.filter(({ file, from }) => textOf(file).split(from).length !== 2),
    ...(textOf(testFile) === '' ? [testFile] : []),
  ]);
  expect(sabotages.length).toBeGreaterThanOrEqual(4);
  expect(missing).toEqual([]);
});
