import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { snapshotFileName, urlModes } from '../../policy/deployment.ts';
import { certificate, everything } from '../judges/configurations.ts';

const root = join(import.meta.dirname, '..', '..');
const region = 'eu-central-1';
const domain = { name: 'mcp.example.com', certificateArn: certificate(region) };
const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };

/**
 * An app of a team's own, whose account and region are known at synthesis: a stack for each stage of
 * its configuration file.
 */
const teamApp = `
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { chooseConfiguration } from '${root}/lib/config-file.ts';
import { Gatehouse } from '${root}/lib/gatehouse.ts';
import config from './gatehouse.config.ts';

const app = new App();
const env = { account: '123456789012', region: '${region}' };
for (const stage of Object.keys(config.stages)) {
  const configuration = await chooseConfiguration({ folder: process.cwd(), stage, isLocal: false });
  const stack = new Stack(app, \`Strict-\${stage}\`, { env });
  new Gatehouse(stack, 'Mcp', { entry: join(import.meta.dirname, 'mcp'), ...configuration });
}
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

const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-strict-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ context }));
  writeFileSync(join(folder, 'app.ts'), teamApp);
  mkdirSync(join(folder, 'mcp', 'tools'), { recursive: true });
  writeFileSync(join(folder, 'mcp', 'tools', 'change-orders.ts'), tool);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const synthesize = (
  app: string,
  stages: Readonly<Record<string, object>>,
  environment: Readonly<Record<string, string>> = {},
) => {
  // Each is the first of its name.
  rmSync(join(folder, snapshotFileName), { force: true });
  writeFileSync(
    join(folder, 'gatehouse.config.ts'),
    `export default ${JSON.stringify({ stages })};`,
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--strict', '--quiet', '--app', app],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, AWS_REGION: region, CI: 'true', ...environment },
    },
  );
  return { status, output: `${stdout}${stderr}` };
};

const expectNoWarning = ({ status, output }: ReturnType<typeof synthesize>): void => {
  expect(output).not.toMatch(/warning/i);
  expect(status === 0 ? '' : output).toBe('');
};

/** What a synthesis was held to, and what came of it. */
const judgements = (): readonly (readonly [string, string])[] => {
  const { pluginReports } = z
    .object({
      pluginReports: z.array(z.object({ pluginName: z.string(), conclusion: z.string() })),
    })
    .parse(JSON.parse(readFileSync(join(folder, 'cdk.out', 'validation-report.json'), 'utf8')));
  return pluginReports.map(({ pluginName, conclusion }) => [pluginName, conclusion]);
};

const { stage: _, ...production } = everything;
const needed = { domain: { domain }, stage: {}, cloudfront: {} } as const;
const everythingInDomain = { ...production, domain: { ...domain, hostedZone } };
const configurations = [
  ...urlModes.map((urlMode) => ({
    name: `the URL mode ${urlMode}`,
    configuration: { urlMode, ...needed[urlMode] },
  })),
  {
    name: 'a production configuration with everything',
    configuration: everythingInDomain,
  },
];

const minutes = 900_000;
/** lib/compliance.ts */
const rulePacks = ['AwsSolutions', 'Serverless', 'NIST.800.53.R5'];

test('the validation that CDK offers is on, and its findings are errors', () => {
  expect(context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
});

describe(`cdk synth --strict in ${region}`, () => {
  test.each(configurations)(
    "of the product's own app passes without a warning, and without an unexplained finding of any rule pack: $name",
    ({ configuration }) => {
      // No tool of its own needs the scopes, which is warned of.
      const strict = { ...configuration, scopes: undefined };
      expectNoWarning(synthesize(`node ${root}/bin/gatehouse.ts`, { strict }));
      expect(judgements()).toEqual(rulePacks.map((name) => [name, 'success']));
    },
    minutes,
  );

  // Region and account are known here, and tools need the scopes.
  const team = {
    scopes: everything.scopes,
    access: { change_orders: { groups: ['finance'] } },
  };

  test(
    'of an app of a team passes without a warning: each URL mode, and a production configuration with everything',
    () => {
      const stages = {
        ...Object.fromEntries(
          urlModes.map((urlMode) => [urlMode, { urlMode, ...needed[urlMode], ...team }]),
        ),
        // A host belongs to one stage.
        production: {
          ...everythingInDomain,
          domain: { ...everythingInDomain.domain, name: 'orders.example.com' },
          ...team,
        },
      };
      expectNoWarning(synthesize('node app.ts', stages));
    },
    minutes,
  );

  test(
    'fails where something is warned of',
    () => {
      const scopes = { ...team.scopes, 'orders.cancel': { words: 'Cancel your orders' } };
      const strict = { urlMode: 'stage', ...team, scopes };
      // The warning is the construct's: no schema of CloudFormation's is needed for it.
      const { status, output } = synthesize('node app.ts', { strict }, { CDK_VALIDATION: 'false' });
      expect(output).toContain('needs gatehouse/orders.cancel');
      expect(status).not.toBe(0);
    },
    minutes,
  );
});
