import { citedControls, listedControls } from './control-ids.ts';
import { filesUnder } from './tracked-files.ts';

const catalogue = filesUnder('docs/controls.md')
  .map(({ text }) => text)
  .join();
const code = ['policy', 'lib', 'lambdas', 'local', 'bin', 'examples'];

describe('the catalogue of controls', () => {
  const listed = listedControls(catalogue);

  test('lists every control that code, tests and documents name', () => {
    const files = filesUnder(...code, 'test', 'docs', 'README.md').filter(
      ({ path }) => !path.startsWith('test/repository/') && path !== 'docs/controls.md',
    );
    const unlisted = [...citedControls(files)].filter(([id]) => !listed.includes(id));
    expect(unlisted).toEqual([]);
  });

  test('lists no control that the code does not name', () => {
    const named = citedControls(filesUnder(...code));
    expect(listed.filter((id) => !named.has(id))).toEqual([]);
  });

  test('lists each once', () => {
    expect(listed.filter((id, index) => listed.indexOf(id) !== index)).toEqual([]);
    expect(listed.length).toBeGreaterThan(50);
  });

  test('an id is found where it is cited, and a row where it is listed', () => {
    const text = '/** Refused (RATE-99), unlike UTF-8 and SUB-RATE-3. */';
    expect([...citedControls([{ path: 'lib/a.ts', text }])]).toEqual([['RATE-99', 'lib/a.ts']]);
    expect(listedControls('| RATE-98 | a | b |\nsee RATE-97')).toEqual(['RATE-98']);
  });
});
