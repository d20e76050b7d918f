import { compilerErrors, typeScriptBlocks } from './documented-code.ts';
import { filesUnder } from './tracked-files.ts';

describe('the TypeScript of the documents', () => {
  const documented = typeScriptBlocks(filesUnder('README.md', 'docs'));

  test('compiles, with the sample app around it, and what does not is found', () => {
    expect(documented.length).toBeGreaterThan(5);
    const faulty = typeScriptBlocks([
      {
        path: 'faulty.md',
        text: [
          'Two blocks.',
          '```ts',
          "import { Gatehouse } from 'gatehouse';",
          'export const built = new Gatehouse(1);',
          '```',
          '```typescript',
          "import { table } from 'gatehouse/nowhere';",
          '```',
        ].join('\n'),
      },
    ]);
    const errors = compilerErrors([...documented, ...faulty]);
    expect(errors.filter((error) => !error.startsWith('faulty.md'))).toEqual([]);
    expect([...errors].sort()).toEqual([
      expect.stringMatching(/^faulty\.md:2\(2,\d+\): error TS2554: Expected 2-3 arguments/),
      expect.stringMatching(/^faulty\.md:6\(1,\d+\): error TS2307: Cannot find module/),
    ]);
  });
});
