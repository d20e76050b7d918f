import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { cleanText } from '../../lambdas/logging/clean-text.ts';
import { type TrailEntry, type TrailSubjects, trailLine } from '../../lambdas/logging/trail.ts';
import { UserError } from '../../lib/user-error.ts';
import { auditTrail } from '../../policy/audit-trail.ts';
import { type Aws, jsonCall } from '../aws/aws.ts';
import { AwsError } from '../aws/error.ts';

/** What a command does, and to whom. */
export type Operation = Pick<TrailEntry, 'sub' | 'detail'> & {
  /** Without its arguments: `user block`. */
  readonly command: string;
};

/** Writes a line of the audit trail for what an operator does (LOG-6). */
export type WriteOperation = (entry: Operation & TrailEntry) => Promise<void>;

export interface OperatorTrailSettings {
  readonly aws: Aws;
  /** The trail's. Absent where the deployment is older than the command. */
  readonly logGroup: string | undefined;
  /** As the deployment's functions write them. */
  readonly subjects: TrailSubjects;
  /** Who has the credentials; asked for once, when there is something to write. */
  readonly operator: () => Promise<string>;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const put = z.looseObject({ rejectedLogEventsInfo: z.looseObject({}).optional() });

/**
 * Lines that commands write into the trail's log group by themselves, in a stream of their own: no
 * function of ours sees what they do.
 * @throws UserError where the line cannot be written; docs/decisions/0013 says why nothing is
 * changed then
 */
export const operatorTrail = ({
  aws,
  logGroup,
  subjects,
  operator,
}: OperatorTrailSettings): WriteOperation => {
  if (logGroup === undefined)
    return async () => {
      throw new UserError(
        'The stack has no output AuditTrailLogGroup, so what you do could not be written down, and nothing was changed: deploy this version of Gatehouse first.',
      );
    };
  const stream = { logGroupName: logGroup, logStreamName: auditTrail.operatorStream };
  const call = (operation: string, input: object) =>
    jsonCall(aws, 'logs', `Logs_20140328.${operation}`, input);
  const putLine = async (line: string, now: number): Promise<void> => {
    const logEvents = [{ timestamp: now, message: line }];
    const { rejectedLogEventsInfo } = put.parse(
      await call('PutLogEvents', { ...stream, logEvents }),
    );
    if (rejectedLogEventsInfo !== undefined)
      throw new UserError('CloudWatch Logs refuses its time: set the clock of this computer.');
  };
  const makeStream = async (): Promise<void> => {
    try {
      await call('CreateLogStream', stream);
    } catch (error) {
      // Another operator was first.
      if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException'))
        throw error;
    }
  };
  let name: Promise<string> | undefined;
  return async (entry) => {
    try {
      name ??= operator();
      const now = Date.now();
      const line = lineOf({ ...entry, operator: await name }, subjects, now);
      try {
        await putLine(line, now);
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
        await makeStream();
        await putLine(line, now);
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        `The line of the audit trail cannot be written, so nothing was changed: ${error.message} Writing it needs logs:PutLogEvents and logs:CreateLogStream on the log group ${logGroup}.`,
      );
    }
  };
};

const lineOf = (entry: TrailEntry, subjects: TrailSubjects, now: number): string =>
  JSON.stringify({
    level: 'INFO',
    id: randomUUID(),
    timestamp: new Date(now).toISOString(),
    service: 'gatehouse',
    ...Object.fromEntries(
      Object.entries(trailLine('operation', {}, entry, subjects)).map(([name, value]) => [
        name,
        typeof value === 'string' ? cleanText(value, auditTrail.textCharacters) : value,
      ]),
    ),
  });

/**
 * Makes a change that stands in the trail: a line before it, without which it is not made, and one
 * that says how it ended.
 * @param about - what is known only afterwards
 */
export const recorded = async <T>(
  write: WriteOperation,
  operation: Operation,
  change: () => Promise<T>,
  about: (result: T) => Partial<Operation> = () => ({}),
): Promise<T> => {
  await write(operation);
  // Of the two lines this one may be missing: the change is made, and saying otherwise would be wrong.
  const end = (entry: Partial<Operation> & TrailEntry) =>
    write({ ...operation, ...entry, command: operation.command }).catch(() => {});
  let result: T;
  try {
    result = await change();
  } catch (error) {
    await end({
      outcome: 'failed',
      ...(error instanceof AwsError && { code: error.code }),
    });
    throw error;
  }
  await end({ outcome: 'ok', ...about(result) });
  return result;
};
