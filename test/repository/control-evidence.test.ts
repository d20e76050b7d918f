import { securityEvents } from '../../policy/security-events.ts';
import { listedControls } from './control-ids.ts';
import { filesUnder } from './tracked-files.ts';

const textOf = (path: string) => filesUnder(path).find((file) => file.path === path)?.text;

describe('the evidence of the controls', () => {
  const rows = Array.from(
    (textOf('docs/control-evidence.md') ?? '').matchAll(/^\| (\S+) \| `(.+)` \| `(.+)` \|$/gm),
    ([, id = '', source = '', shown = '']) => ({ id, source, shown }),
  );

  test('has one row for each control, in the order of the catalogue', () => {
    const listed = listedControls(textOf('docs/controls.md') ?? '');
    expect(listed.length).toBeGreaterThan(50);
    expect(rows.map(({ id }) => id)).toEqual(listed);
  });

  test('names a file that names the control', () => {
    const faults = rows.filter(
      ({ id, source }) => !new RegExp(`\\b${id}\\b`).test(textOf(source) ?? ''),
    );
    expect(faults).toEqual([]);
  });

  test('names a test that is there', () => {
    const faults = rows.filter(
      ({ shown }) => !shown.endsWith('.test.ts') || textOf(shown) === undefined,
    );
    expect(faults).toEqual([]);
  });

  test('a row of the catalogue counts as many security events as the policy has', () => {
    const row = /^\| LOG-4 \| .*?: (.*?) \(`policy\/security-events`\)/m.exec(
      textOf('docs/controls.md') ?? '',
    );
    expect(row?.[1]?.split(', ')).toHaveLength(Object.keys(securityEvents).length);
  });
});
