import { privateWordsIn } from './private-words.ts';
import { filesUnder } from './tracked-files.ts';

/** These name the words in order to refuse them. */
const itself = 'test/repository/private-words';

describe('private words', () => {
  test('stand in no file', () => {
    const files = filesUnder('.').filter(({ path }) => !path.startsWith(itself));
    expect(files.length).toBeGreaterThan(100);
    expect(privateWordsIn(files)).toEqual([]);
  });

  test('are found in code, comments and prose', () => {
    const found = (text: string) => privateWordsIn([{ path: 'a.ts', text }]);
    expect(found('// The laptop\n// plays it.')).toEqual([
      'a.ts:1: laptop -> local runtime, or computer',
      'a.ts:2: plays -> emulates',
    ]);
    expect(found('const seal = takeApart(token);')).toHaveLength(2);
    expect(found('// The OAuth front seals it.')).toHaveLength(2);
    expect(
      found('const answer = 1;\nexport type Turn = 1;\nimport { f as refusal } from "f";'),
    ).toEqual([
      'a.ts:1: const answer -> response',
      'a.ts:2: type Turn -> request context, negotiation',
      'a.ts:3: as refusal -> error, or HttpError',
    ]);
    expect(found('A display in front of CloudFront is the answer of the turn.')).toEqual([]);
    expect(privateWordsIn([{ path: 'a.md', text: 'Take it as refusal.' }])).toEqual([]);
  });
});
