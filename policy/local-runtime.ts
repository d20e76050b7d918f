/**
 * What the construct (lib/) and the local runtime (local/), neither of which imports the other,
 * agree on: the local runtime asks an app's synthesis for a template that it can emulate, and finds
 * its way about in what the synthesis leaves.
 */
export const localRuntime = {
  /** CDK context that is there only when the local runtime asks: `{ urlMode, port }`. */
  contextKey: 'gatehouse:local-runtime',
  /** Type of the construct metadata that a Gatehouse marks itself with in the assembly. */
  metadataType: 'gatehouse:construct',
  /** Type of the metadata that lists the folders of its definitions: a change there is shown at once. */
  sourcesType: 'gatehouse:sources',
  /** Name of the stage there. */
  stage: 'local',
  /**
   * The port that is synthesized. It stands in no other URL, so that the real port can take its
   * place when the runtime starts, and one synthesis serves every port.
   */
  placeholderPort: 65_535,
} as const;

/**
 * Cognito's quotas for the operations that Gatehouse calls, in calls a second; none of them can be
 * raised. Operations on app clients may be called five times a second for one pool, the list of
 * users thirty times for all pools.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
export const cognitoRequestQuotas = { DescribeUserPoolClient: 5, ListUsers: 30 } as const;
