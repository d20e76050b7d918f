import type { Aws } from '../../aws/aws.ts';

/** A deployed stack, from inside: what only somebody with credentials can see. */
export interface Deployed {
  readonly aws: Aws;
  readonly alarmTopic: string | undefined;
  /** Physical ids of the stack's resources of a type. */
  readonly idsOf: (type: string) => readonly string[];
  readonly now: Date;
}
