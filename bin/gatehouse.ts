import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../lib/configuration.ts';
import { GatehouseStack } from '../lib/gatehouse-stack.ts';

const app = new App();
const configuration = readConfiguration(app.node.tryGetContext('gatehouse'));
new GatehouseStack(app, `Gatehouse-${configuration.stage}`, { configuration });
// A laptop deploys nothing, and the packs take longer than all the rest of a synthesis.
if (configuration.localPort === undefined) (await import('../lib/compliance.ts')).holdToRulePacks(app);
