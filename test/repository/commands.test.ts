import { unknownCommands } from './commands.ts';
import { filesUnder } from './tracked-files.ts';

const textOf = (path: string) =>
  filesUnder(path)
    .map(({ text }) => text)
    .join('');

const known = {
  scripts: Object.keys(JSON.parse(textOf('package.json')).scripts),
  commands: Array.from(
    textOf('bin').matchAll(/(?:new Command|passedOn)\('([\w-]+)'/g),
    ([, name = '']) => name,
  ),
};

describe('the commands of the documents', () => {
  test('are there', () => {
    expect(known.scripts).toContain('check');
    expect(known.commands).toContain('start');
    expect(
      unknownCommands(
        filesUnder('README.md', 'CONTRIBUTING.md', 'docs', '.github/workflows'),
        known,
      ),
    ).toEqual([]);
  });

  test('one that is not there is found', () => {
    const text =
      'Type `npm run mend`, `npm sing`, `npx gatehouse stop` or `npx cdk hope`, then `npm run check`.';
    expect(unknownCommands([{ path: 'a.md', text }], known)).toEqual([
      'a.md: npm run mend',
      'a.md: npm sing',
      'a.md: npx gatehouse stop',
      'a.md: npx cdk hope',
    ]);
  });
});
