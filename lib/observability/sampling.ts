import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { tracing } from '../../policy/monitoring.ts';
import { creationId } from '../names.ts';

/**
 * How many requests to this stage are traced. The account's default rule is everybody's, and may
 * be changed for another service.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-configuring-xray-sampling-rules.html
 */
export const samplingRule = (scope: Construct, id: string, stage: Stage): CfnSamplingRule =>
  new CfnSamplingRule(scope, id, {
    samplingRule: {
      ruleName: `gatehouse-${creationId(scope)}`,
      version: 1,
      priority: tracing.priority,
      reservoirSize: tracing.reservoirPerSecond,
      fixedRate: tracing.fixedRate,
      resourceArn: stage.stageArn,
      serviceName: '*',
      serviceType: '*',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
    },
  });
