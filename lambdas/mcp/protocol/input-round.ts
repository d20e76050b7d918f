import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { MissingClientCapability, NeedsNewerRevision } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import { type InputRequired, missingCapabilities } from '../authoring/input-required.ts';
import { Call, type ReportProgress } from '../execution/call.ts';
import { attributedTo } from '../execution/stray-errors.ts';
import type { Json } from './json.ts';
import { parseParameters, type RequestContext } from './request-context.ts';
import { completed, notificationMessage } from './response.ts';
import { traceContextOf } from './trace-context.ts';

/** What a client sends with the repetition of a call (2026-07-28 "Multi Round-Trip Requests"). */
const repetition = whenNeeded(() =>
  z.object({
    inputResponses: z.optional(z.record(text(sizes.displayedCharacters), z.unknown())),
    requestState: z.optional(text(sizes.bodyBytes)),
  }),
);

const isRepetition = ({ params }: RequestContext): boolean =>
  'inputResponses' in params || 'requestState' in params;

/**
 * Runs a tool, prompt or resource in its context; `notifications/cancelled` finds it while it runs.
 * @throws OutOfTime
 */
export const run = async <Result>(
  name: string,
  context: RequestContext,
  work: (call: Call) => Promise<Result>,
): Promise<Result> => {
  const call = new Call(
    name,
    context,
    traceContextOf(context),
    context.era === 'modern' && isRepetition(context) ? parseParameters(repetition(), context) : {},
    progressReport(context),
  );
  const key = runningKey(context.caller.sub, context.id);
  context.running.set(key, call);
  try {
    return await call.finish(attributedTo(call, () => work(call)));
  } catch (error) {
    if (call.cancelled) context.record.outcome ??= 'cancelled';
    throw error;
  } finally {
    context.running.delete(key);
  }
};

const progressReport = ({ meta: { progressToken }, send }: RequestContext): ReportProgress => {
  if (send === undefined || progressToken === undefined) return undefined;
  return (progress, total, message) =>
    send(
      notificationMessage('notifications/progress', { progressToken, progress, total, message }),
    );
};

/** A request id is the caller's own: nobody cancels another's call with it. */
export const runningKey = (sub: string, id: string | number): string => `${sub} ${typeof id} ${id}`;

/**
 * @throws NeedsNewerRevision; MissingClientCapability where the client did not say that it can be
 * asked for this
 */
export const inputRequired = (
  { inputRequests, requestState }: InputRequired,
  context: RequestContext,
): Json => {
  if (context.era === 'legacy') throw new NeedsNewerRevision();
  const requiredCapabilities = missingCapabilities(inputRequests, context.clientCapabilities);
  if (requiredCapabilities !== undefined)
    throw new MissingClientCapability({ data: { requiredCapabilities } });
  context.record.outcome ??= 'input-required';
  return completed({ resultType: 'input_required', inputRequests, requestState }, context);
};
