import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../lib/configuration.ts';
import { GatehouseStack } from '../lib/gatehouse-stack.ts';
import { localRuntimeOf } from '../lib/local-runtime.ts';
import { UserError } from '../lib/user-error.ts';

// What the operator can put right is said in one message; anything else is a bug, and shows its
// stack.
process.once('uncaughtException', (error) => {
  console.error(error instanceof UserError ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
});

const app = new App();
const configuration = readConfiguration(app.node.tryGetContext('gatehouse'));
new GatehouseStack(app, `Gatehouse-${configuration.stage}`, { configuration });
// The local runtime deploys nothing, and the packs take longer than all the rest of a synthesis.
if (localRuntimeOf(app) === undefined) (await import('../lib/compliance.ts')).holdToRulePacks(app);
