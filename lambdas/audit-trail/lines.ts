import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import {
  auditTrail,
  functionTrailKinds,
  type TrailField,
  trailFields,
} from '../../policy/audit-trail.ts';
import { cleanText } from '../logging/clean-text.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const subscription = z.object({ awslogs: z.object({ data: z.string() }) });
const batch = z.object({
  messageType: z.string(),
  logEvents: z.array(z.object({ id: z.string(), message: z.string() })),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html */
const stackChange = z.object({
  source: z.literal('aws.cloudformation'),
  time: z.string(),
  detail: z.object({
    'stack-id': z.string(),
    'status-details': z.object({ status: z.string() }),
  }),
});

const members = z.record(z.string(), z.unknown());

/** A line of the trail; `id` tells a line that was delivered twice. */
export type Line = Readonly<Record<string, string | number>>;

const everyLine = { level: 'INFO' } as const;

/** CloudWatch Logs' own id has 56 digits, which each line would pay for. */
const shortId = (id: string): string =>
  hash('sha256', id, 'buffer')
    .subarray(0, auditTrail.lineIdBits / 8)
    .toString('base64url');

/**
 * The lines that an event is about.
 * @throws an error for an event of neither kind
 */
export const linesOf = (event: unknown): readonly Line[] => {
  const delivered = subscription.safeParse(event).data;
  if (delivered !== undefined) return linesOfBatch(delivered.awslogs.data);
  const change = stackChange.safeParse(event).data;
  if (change !== undefined) return [lineOfDeployment(change)];
  throw new TypeError('An event that is neither a batch of log lines nor a change of the stack');
};

const linesOfBatch = (data: string): readonly Line[] => {
  const text = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: auditTrail.batchBytes });
  const { messageType, logEvents } = batch.parse(JSON.parse(text.toString('utf8')));
  // CloudWatch Logs also asks now and then whether the destination is there.
  if (messageType !== 'DATA_MESSAGE') return [];
  return logEvents
    .map(({ id, message }) => lineOf(message, id))
    .filter((line) => line !== undefined);
};

const kinds: ReadonlySet<unknown> = new Set(functionTrailKinds);

const isTrailField = (name: string): name is TrailField => Object.hasOwn(trailFields, name);

/**
 * What is taken over of a line: the fields of policy/audit, each of its type and of bounded length.
 * A tool's own code runs in the function that writes the lines, and may print what it likes.
 */
const lineOf = (message: string, id: string): Line | undefined => {
  const given = members.safeParse(parsed(message)).data;
  if (given === undefined || !kinds.has(given['trail'])) return undefined;
  const line: Record<string, string | number> = { ...everyLine, id: shortId(id) };
  for (const [name, value] of Object.entries(given)) {
    if (!isTrailField(name)) continue;
    if (trailFields[name] === 'number' && typeof value === 'number') line[name] = value;
    if (trailFields[name] === 'text' && typeof value === 'string')
      line[name] = cleanText(value, auditTrail.textCharacters);
  }
  return line;
};

const parsed = (message: string): unknown => {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
};

/** The stack's name, without the account that its id holds (ERR-1). */
const lineOfDeployment = ({ time, detail }: z.infer<typeof stackChange>): Line => ({
  ...everyLine,
  timestamp: cleanText(time),
  trail: 'deployment',
  stack: cleanText(detail['stack-id'].split('/')[1] ?? ''),
  status: cleanText(detail['status-details'].status),
});
