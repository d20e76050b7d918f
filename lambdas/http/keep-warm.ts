import { keepWarm } from '../../policy/keep-warm.ts';

/**
 * Whether an event is the schedule's, and no request. What a client sends stands inside the members
 * that API Gateway gives an event, so no request has this member, let alone no other.
 */
export const isFromSchedule = (event: unknown): boolean =>
  typeof event === 'object' &&
  event !== null &&
  keepWarm.member in event &&
  Object.keys(event).length === 1;

/**
 * Answers the schedule before anything else looks at its event: with nothing, no line and no count.
 * @param prepare - what the first request would wait for
 */
export const keptWarm =
  <Event, Context, Result>(
    handler: (event: Event, context: Context) => Promise<Result>,
    prepare: () => Promise<void> = async () => {},
  ) =>
  (event: Event, context: Context): Promise<Result | void> =>
    isFromSchedule(event) ? prepare() : handler(event, context);
