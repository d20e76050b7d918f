import { join } from 'node:path';
import { CfnStage, CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { App } from 'aws-cdk-lib/core';
import { readConfiguration } from '../../lib/configuration.ts';
import { GatehouseStack } from '../../lib/gatehouse-stack.ts';

// The product's own stack, with the suite's fixtures where a team's tools would be.
const app = new App();
const configuration = readConfiguration(app.node.tryGetContext('gatehouse'));
const stack = new GatehouseStack(app, 'Gatehouse-conformance', {
  configuration,
  entry: join(import.meta.dirname, 'definitions'),
});

/** No machine sends this many requests a second through the local runtime. */
const unlimited = { rateLimit: 1_000_000, burstLimit: 1_000_000 };

// The suite judges the protocol and sends as fast as the machine lets it. These limits count by
// the second, so on a fast machine they would refuse it; they have tests of their own.
for (const construct of stack.node.findAll()) {
  if (construct instanceof CfnUsagePlan) construct.throttle = unlimited;
  if (construct instanceof CfnStage) {
    construct.addPropertyOverride('MethodSettings', [
      {
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: unlimited.rateLimit,
        ThrottlingBurstLimit: unlimited.burstLimit,
      },
    ]);
  }
}
