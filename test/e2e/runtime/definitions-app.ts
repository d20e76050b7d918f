import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../../lib/configuration.ts';
import { GatehouseStack } from '../../../lib/gatehouse-stack.ts';

// The product's own stack, with a test's definitions where a team's would be.
const app = new App();
const configuration = readConfiguration(app.node.tryGetContext('gatehouse'));
const [, , entry = ''] = process.argv;
new GatehouseStack(app, 'Gatehouse-test', { configuration, entry });
