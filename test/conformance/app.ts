import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';

// The product's own stack, with the suite's fixtures where a team's tools would be.
const app = new App();
const configuration = readConfiguration(app.node.tryGetContext('gatehouse'));
new GatehouseStack(app, 'Gatehouse-conformance', { configuration, entry: join(import.meta.dirname, 'definitions') });
