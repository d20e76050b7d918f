import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { usagePlanShares } from '../policy/limits.ts';
import type { Configuration } from './configuration.ts';
import { Gatehouse } from './gatehouse.ts';
import type { GatehouseProps } from './gatehouse-props.ts';

export interface GatehouseStackProps extends Pick<GatehouseProps, 'entry' | 'addressLimits'> {
  readonly configuration: Configuration;
}

/** A stack with nothing but a Gatehouse, and what an operator needs to know of it. */
export class GatehouseStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: GatehouseStackProps) {
    super(scope, id, { description: 'Gatehouse: a remote MCP server behind a login' });
    const { url, outputs } = new Gatehouse(this, 'Gatehouse', {
      // Nothing else needs the stack's resources.
      usagePlanShares: usagePlanShares.perProfile,
      ...configuration,
      ...props,
    });
    // Alone in its stack, it needs no path before the names.
    for (const output of outputs) output.overrideLogicalId(output.node.id);
    if (url.mode === 'stage') {
      new CfnOutput(this, 'Note', { value: stageNote });
      // No warning: the mode was chosen, and `cdk synth --strict` should pass.
      Annotations.of(this).addInfoV2('gatehouse:bareStageUrl', stageNote);
    }
  }
}

const stageNote =
  'This is a bare stage URL. Clients that follow resource_metadata or append the well-known path work with it; recent Claude clients probe only ' +
  'the root of the host, which belongs to AWS there, and fail without a message. To serve those, leave out "urlMode" (a CloudFront distribution ' +
  'gets a host of its own) or set "domain": {"name", "certificateArn"} in the configuration.';
