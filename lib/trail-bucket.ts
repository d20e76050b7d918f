import type { IBucket } from 'aws-cdk-lib/aws-s3';
import * as z from 'zod';
import { shaped } from './configuration-shapes.ts';

/** A bucket of CDK's, as far as it is needed: the whole type does not hold under strict settings. */
export type TrailBucket = Pick<IBucket, 'bucketArn' | 'encryptionKey'>;

const isBucket = (value: unknown): value is TrailBucket =>
  typeof value === 'object' && value !== null && 'bucketArn' in value && 'grantPut' in value;

const noBucket = 'is not the ARN of a bucket: arn:aws:s3:::<name>';

/** Where the audit trail is copied to: an ARN, or the bucket itself, whose key can then be used. */
export const trailBucket = z.union(
  [
    shaped(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, noBucket),
    z.custom<TrailBucket>(isBucket),
  ],
  noBucket,
);
