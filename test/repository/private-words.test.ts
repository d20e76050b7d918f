import { privateWordsIn } from './private-words.ts';
import { filesUnder } from './tracked-files.ts';

/** Where the old words still stand. It only ever gets shorter. */
const notYet = [
  /^lambdas\/(?:access-token|authorization|aws|http|metadata|oauth|registration|token)\//,
  /^test\/(?:fuzz|lambdas|lib|load)\//,
];
/** These name the words in order to refuse them. */
const itself = 'test/repository/private-words';

describe('private words', () => {
  test('stand in no file that is clean already', () => {
    const files = filesUnder('.').filter(
      ({ path }) => !path.startsWith(itself) && !notYet.some((pattern) => pattern.test(path)),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(privateWordsIn(files)).toEqual([]);
  });

  test('no folder is waiting that has become clean', () => {
    const waiting = notYet.filter(
      (pattern) =>
        privateWordsIn(filesUnder('.').filter(({ path }) => pattern.test(path))).length === 0,
    );
    expect(waiting).toEqual([]);
  });

  test('are found in code, comments and prose', () => {
    const found = (text: string) => privateWordsIn([{ path: 'a.ts', text }]);
    expect(found('// The laptop\n// plays it.')).toEqual([
      'a.ts:1: laptop -> local runtime, or computer',
      'a.ts:2: plays -> emulates',
    ]);
    expect(found('const seal = takeApart(token);')).toHaveLength(2);
    expect(found('A display in front of CloudFront.')).toEqual([]);
  });
});
