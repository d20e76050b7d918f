import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import { BreakingChanges } from '../lib/breaking/plugin.ts';
import { chooseConfiguration, configFileIn } from '../lib/config-file.ts';
import { GatehouseStack } from '../lib/gatehouse-stack.ts';
import { localRuntimeOf } from '../lib/local-runtime.ts';
import { UserError } from '../lib/user-error.ts';
import { snapshotFileName } from '../policy/deployment.ts';

// What the operator can put right is said in one message; anything else is a bug, and shows its
// stack.
process.once('uncaughtException', (error) => {
  console.error(error instanceof UserError ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});

const app = new App();
const isLocal = localRuntimeOf(app) !== undefined;

const configuration = await chooseConfiguration({
  folder: process.cwd(),
  stage: app.node.tryGetContext('stage'),
  context: app.node.tryGetContext('gatehouse'),
  isLocal,
});
new GatehouseStack(app, `Gatehouse-${configuration.stage}`, { configuration });
// What is committed beside the configuration; a configuration of the command line is a trial.
if (!isLocal && configFileIn(process.cwd()) !== undefined)
  Validations.of(app).addPlugins(new BreakingChanges(join(process.cwd(), snapshotFileName)));
// The local runtime deploys nothing, and the packs take longer than all the rest of a synthesis.
if (!isLocal) (await import('../lib/compliance.ts')).holdToRulePacks(app);
