import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { holdToRulePacks } from '../../lib/compliance.ts';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';
import { withDomain } from './synthesized.ts';

const { context } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'cdk.json'), 'utf8'),
);

test('the validation that CDK offers is on, and its findings are errors', () => {
  expect(context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
});

// Synthesis throws on a finding that nobody has explained, and on a circular dependency.
test.each([
  ['an empty configuration', {}],
  [
    'a domain with everything that can be asked for',
    { ...withDomain, alarmEmail: 'ops@example.com', cloudWatchRole: true },
  ],
])('%s synthesizes without an unexplained finding of any rule pack', (_, configuration) => {
  const outdir = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  try {
    const app = new App({ context, outdir });
    new GatehouseStack(app, 'Gatehouse-test', { configuration: readConfiguration(configuration) });
    holdToRulePacks(app);
    app.synth();
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(
      report.pluginReports.map(({ conclusion }: { conclusion: string }) => conclusion),
    ).toEqual(['success', 'success', 'success']);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
