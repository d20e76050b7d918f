import { App, type AppProps } from 'aws-cdk-lib/core';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';

/**
 * A CDK app whose templates alone are looked at. What a synthesis does besides takes half of its
 * time: the stack of every resource, the tree, CloudFormation's schemas and the copies of the
 * functions' code. `cdk synth` and strict.slow.test.ts do all of it.
 */
export const testApp = ({ context, ...props }: AppProps = {}): App =>
  new App({
    builtinCloudFormationValidation: false,
    treeMetadata: false,
    stackTraces: false,
    context: { [DISABLE_ASSET_STAGING_CONTEXT]: true, ...context },
    ...props,
  });
