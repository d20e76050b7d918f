import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotFileName, urlModes } from '../../policy/deployment.ts';
import { certificate, everything } from '../judges/configurations.ts';

const root = join(import.meta.dirname, '..', '..');
const region = 'eu-central-1';
const domain = { name: 'mcp.example.com', certificateArn: certificate(region) };
const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };

/** An app of a team's own, whose account and region are known at synthesis. */
const teamApp = `
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { configurationOf } from '${root}/lib/config-file.ts';
import { Gatehouse } from '${root}/lib/gatehouse.ts';

const app = new App();
const stack = new Stack(app, 'Strict', { env: { account: '123456789012', region: '${region}' } });
new Gatehouse(stack, 'Mcp', { entry: join(import.meta.dirname, 'mcp'), ...(await configurationOf(app)) });
`;

/** It needs the scopes of the production configuration. */
const tool = `
import { z } from '${root}/node_modules/zod/mini/index.js';
import { defineTool } from '${root}/lambdas/mcp/authoring/index.ts';

export default defineTool({
  name: 'change_orders',
  title: 'Change orders',
  description: 'Changes orders.',
  input: z.object({}),
  output: z.object({}),
  scopes: ['gatehouse/orders.write', 'gatehouse/orders.read'],
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  handler: async () => ({}),
});
`;

const apps = {
  // No tool of its own needs the scopes, which is warned of.
  "the product's own app": { app: `node ${root}/bin/gatehouse.ts`, more: { scopes: undefined } },
  'an app of a team': {
    app: 'node app.ts',
    more: { scopes: everything.scopes, access: { change_orders: { groups: ['finance'] } } },
  },
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-strict-'));
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context }));
  writeFileSync(join(folder, 'app.ts'), teamApp);
  mkdirSync(join(folder, 'mcp', 'tools'), { recursive: true });
  writeFileSync(join(folder, 'mcp', 'tools', 'change-orders.ts'), tool);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const synthesize = (app: string, configuration: object) => {
  const stages = { strict: configuration };
  // Each is the first of its name.
  rmSync(join(folder, snapshotFileName), { force: true });
  writeFileSync(
    join(folder, 'gatehouse.config.ts'),
    `export default ${JSON.stringify({ stages })};`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--strict', '--quiet', '--app', app],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, AWS_REGION: region, CI: 'true' } },
  );
  return { status, output: `${stdout}${stderr}` };
};

const { stage: _, ...production } = everything;
const needed = { domain: { domain }, stage: {}, cloudfront: {} } as const;
const configurations = [
  ...urlModes.map((urlMode) => ({
    name: `the URL mode ${urlMode}`,
    configuration: { urlMode, ...needed[urlMode] },
  })),
  {
    name: 'a production configuration with everything',
    configuration: { ...production, domain: { ...domain, hostedZone } },
  },
];

describe.each(Object.entries(apps))(`cdk synth --strict of %s in ${region}`, (_, { app, more }) => {
  test.each(configurations)(
    'passes without a warning: $name',
    ({ configuration }) => {
      const { status, output } = synthesize(app, { ...configuration, ...more });
      expect(output).not.toMatch(/warning/i);
      expect(status === 0 ? '' : output).toBe('');
    },
    900_000,
  );

  test('fails where something is warned of', () => {
    const scopes = { ...more.scopes, 'orders.cancel': { words: 'Cancel your orders' } };
    const { status, output } = synthesize(app, { urlMode: 'stage', scopes });
    expect(output).toContain('needs gatehouse/orders.cancel');
    expect(status).not.toBe(0);
  }, 900_000);
});
