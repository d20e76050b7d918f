import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { BreakingChanges } from '../../../lib/breaking/plugin.ts';
import type { Promises } from '../../../lib/breaking/promises.ts';
import { policyMetadata } from '../../../policy/deployment.ts';
import { testApp } from '../test-app.ts';

const promises: Promises = {
  url: 'https://mcp.example.com/mcp',
  issuer: 'https://mcp.example.com',
  userPool: 'Pool',
  userAttributes: {},
  loginDomain: 'Domain',
  resourceServer: 'Server gatehouse',
  scopes: ['tools.read'],
  clients: { claude: 'Client' },
  providers: ['COGNITO'],
  table: 'Table',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-snapshot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const snapshot = () => join(folder, 'gatehouse.snapshot.json');
const kept = () => JSON.parse(readFileSync(snapshot(), 'utf8')).gatehouses;

/** A synthesis of a stack that says what it promises; the names of the rules that it breaks. */
const synthesize = (
  change: Partial<Promises> = {},
  { allowBreaking = [], stack = 'Orders' }: { allowBreaking?: string[]; stack?: string } = {},
): readonly string[] => {
  const outdir = join(folder, 'cdk.out');
  const app = testApp({ outdir });
  new Stack(app, stack).addMetadata(`${policyMetadata}${stack}/Mcp`, {
    promises: { ...promises, ...change },
    allowBreaking,
  });
  Validations.of(app).addPlugins(new BreakingChanges(snapshot()));
  const status = { failed: false };
  try {
    app.synth();
  } catch {
    status.failed = true;
  }
  const report: {
    pluginReports: { violations: { ruleName: string }[] }[];
  } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const broken = report.pluginReports.flatMap(({ violations }) =>
    violations.map(({ ruleName }) => ruleName),
  );
  expect(status.failed).toBe(broken.length > 0);
  return broken;
};

describe('the committed snapshot', () => {
  test('is written by the first synthesis, and kept up to date by what breaks nothing', () => {
    expect(existsSync(snapshot())).toBe(false);
    expect(synthesize()).toEqual([]);
    expect(kept()).toEqual({ 'Orders/Mcp': promises });
    expect(synthesize({ scopes: ['orders.write', 'tools.read'] })).toEqual([]);
    expect(kept()['Orders/Mcp'].scopes).toEqual(['orders.write', 'tools.read']);
  });

  test('refuses what cuts people off, by name, and stays as it was', () => {
    synthesize();
    const change = { url: 'https://other.example.com/mcp', clients: {} };
    expect(synthesize(change)).toEqual(['url', 'clients']);
    expect(synthesize(change, { allowBreaking: ['url'] })).toEqual(['clients']);
    expect(kept()).toEqual({ 'Orders/Mcp': promises });
  });

  test('lets pass what was agreed to, and then expects that', () => {
    synthesize();
    const change = { table: 'Another' };
    expect(synthesize(change, { allowBreaking: ['table'] })).toEqual([]);
    expect(synthesize(change)).toEqual([]);
    expect(synthesize()).toEqual(['table']);
  });

  test('holds stacks that this synthesis has not', () => {
    synthesize();
    synthesize({ url: 'https://dev.example.com/mcp' }, { stack: 'Dev' });
    expect(Object.keys(kept())).toEqual(['Dev/Mcp', 'Orders/Mcp']);
  });

  test('that cannot be read refuses, instead of being written anew', () => {
    writeFileSync(snapshot(), '<<<<<<< ours');
    expect(() => synthesize()).toThrow();
    expect(readFileSync(snapshot(), 'utf8')).toBe('<<<<<<< ours');
  });
});
