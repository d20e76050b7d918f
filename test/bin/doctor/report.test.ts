import { junit, line } from '../../../bin/doctor/report.ts';
import { doctorSarif } from '../../../bin/doctor/sarif.ts';
import { sarifFaults } from '../sarif-rules.ts';

const outcome = {
  id: 'issuer',
  title: 'Issuer',
  controls: [],
  fix: 'Mend it.',
  status: 'failed',
  details: ['The issuer is \u001b[2J\u009b31m\u202egpj."<&>', `long ${'x'.repeat(5000)}`],
} as const;

test('what a server sent cannot steer the terminal or flood it', () => {
  const text = line(outcome);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('fix: Mend it.');
  expect(text.length).toBeLessThan(2000);
});

test('the XML for pipelines is well formed whatever a server sent', () => {
  const xml = junit([outcome]);
  expect(xml).toContain('&quot;&lt;&amp;>');
  expect(xml).not.toContain('\u001b');
});

test('SARIF names a rule for each check, and a result for each that failed', () => {
  const passed = { ...outcome, id: 'cors', status: 'passed', details: [] } as const;
  expect(doctorSarif([passed, outcome], 'https://mcp.example.com/mcp')).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'gatehouse doctor', rules: [{ id: 'cors' }, { id: 'issuer' }] } },
        results: [
          {
            ruleId: 'issuer',
            ruleIndex: 1,
            level: 'error',
            message: { text: expect.stringContaining('The issuer is [2J31mgpj.') },
            locations: [
              { physicalLocation: { artifactLocation: { uri: 'https://mcp.example.com/mcp' } } },
            ],
          },
        ],
      },
    ],
  });
});

test('SARIF is as the published schema wants it, and what is not is found', () => {
  const document = doctorSarif([outcome], 'https://mcp.example.com/mcp');
  expect(sarifFaults(document)).toEqual([]);
  const wrong = { version: '2.1.0', runs: [{ tool: { driver: {} }, results: [{ level: 'bad' }] }] };
  expect(sarifFaults(wrong)).toEqual([
    "/runs/0/tool/driver must have required property 'name'",
    "/runs/0/results/0 must have required property 'message'",
    '/runs/0/results/0/level must be equal to one of the allowed values',
  ]);
});
