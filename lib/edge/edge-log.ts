import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { CfnCondition, Fn, Names, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Environment } from '../../policy/deployment.ts';
import { logGroup, resourceOf } from '../logs.ts';

export interface EdgeLogProps {
  readonly distribution: IDistribution;
  readonly environment: Environment;
  readonly key: IKey;
}

/** LOG-5: the path without its query, which carries codes and states; no cookie, no referrer. */
const recordFields = [
  'timestamp',
  'x-edge-location',
  'c-ip',
  'cs-method',
  'cs-uri-stem',
  'sc-status',
  'sc-bytes',
  'time-taken',
  'x-edge-result-type',
  'x-edge-request-id',
  'ssl-protocol',
  'cs-protocol-version',
] as const;

/**
 * Of a delivery's source and destination.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
 */
const longestName = 60;

/** CloudFront's logs can be delivered from us-east-1 only. */
const deliveryRegion = 'us-east-1';

/** Whether there can be such a log: unknown, and so left to the deployment, without a region. */
export const canBeDelivered = (scope: Construct): boolean => {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) || region === deliveryRegion;
};

/**
 * The distribution's access log, with the fields that we choose: the older kind of log always holds
 * the query string. In other regions the API's access log stands alone; it has a line for
 * everything but a cached metadata document.
 */
export class EdgeLog extends Construct {
  constructor(scope: Construct, id: string, { distribution, environment, key }: EdgeLogProps) {
    super(scope, id);
    const name = (part: string) =>
      `${Names.uniqueResourceName(this, { maxLength: longestName - part.length })}${part}`;
    const group = resourceOf(logGroup(this, 'Group', { environment, key }));
    const source = new CfnDeliverySource(this, 'Source', {
      name: name('-source'),
      logType: 'ACCESS_LOGS',
      resourceArn: Stack.of(this).formatArn({
        service: 'cloudfront',
        region: '',
        resource: 'distribution',
        resourceName: distribution.distributionId,
      }),
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name: name('-destination'),
      destinationResourceArn: group.attrArn,
      outputFormat: 'json',
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: [...recordFields],
    });
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region)) return;
    const condition = new CfnCondition(this, 'Deliverable', {
      expression: Fn.conditionEquals(region, deliveryRegion),
    });
    for (const resource of [group, source, destination, delivery])
      resource.cfnOptions.condition = condition;
  }
}
