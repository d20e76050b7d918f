import * as z from 'zod';
import { groupName, groupNameWords } from '../policy/groups.ts';
import { mostUserCalls, userLimits } from '../policy/limits.ts';

const calls = (most: number) =>
  z
    .int('is no whole number')
    .min(1, 'is below 1: take the group or the tool away instead, or block the person')
    .max(most, `is over ${most.toLocaleString('en')}, which bounds nothing`);

const window = {
  perMinute: calls(mostUserCalls.perMinute),
  perHour: calls(mostUserCalls.perHour),
};

const minuteOverHour = 'has a perMinute over its perHour, which is what bounds then';

const limit = z
  .strictObject({ perMinute: window.perMinute.optional(), perHour: window.perHour.optional() })
  .refine(
    ({ perMinute, perHour }) => perMinute !== undefined || perHour !== undefined,
    'says neither perMinute nor perHour',
  )
  .refine(
    ({ perMinute = 0, perHour = Number.POSITIVE_INFINITY }) => perMinute <= perHour,
    minuteOverHour,
  );

/** How many calls users may make (RATE-5). */
export const userLimitSettings = z
  .strictObject({
    perMinute: window.perMinute.default(userLimits.perMinute),
    perHour: window.perHour.default(userLimits.perHour),
    groups: z.record(z.string().regex(groupName(), groupNameWords), limit).default({}),
    tools: z.record(z.string(), limit).default({}),
  })
  .refine(({ perMinute, perHour }) => perMinute <= perHour, minuteOverHour)
  .prefault({});
