import { filesUnder } from './tracked-files.ts';

/** A literal spread into a literal: it saves lines, and says nothing. */
const spreadLiteral = /\.{3}\{/;

describe('no object literal is spread into another', () => {
  test('to save lines', () => {
    const places = filesUnder('lambdas', 'lib', 'local', 'policy', 'bin', 'test')
      .filter(({ path }) => path.endsWith('.ts'))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .flatMap((line, index) => (spreadLiteral.test(line) ? [`${path}:${index + 1}`] : [])),
      );
    expect(places).toEqual([]);
  });

  test('one that is would be found, and a condition would not', () => {
    expect(`const a = { ...${'{'} b, c }, d };`).toMatch(spreadLiteral);
    expect('const a = { ...(b && { c }) };').not.toMatch(spreadLiteral);
  });
});
