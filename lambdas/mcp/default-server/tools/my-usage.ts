import * as z from 'zod/mini';
import type { UserLimits } from '../../../../policy/limits.ts';
import { type Table, table } from '../../../aws/table.ts';
import { fields } from '../../../configuration/fields.ts';
import { jsonFields } from '../../../configuration/json-fields.ts';
import type { Usage } from '../../../store/user-windows.ts';
import { readUsage } from '../../../store/users.ts';
import { callerLimit, type WindowLimit } from '../../../user-limit/caller-limit.ts';
import { defineTool } from '../../authoring/define-tool.ts';

const window = z.object({
  used: z.number(),
  limit: z.number(),
  of: z
    .enum(['user', 'group', 'person'])
    .check(z.describe('Whose limit it is: everybody’s, of a group of yours, or your own')),
  group: z.optional(z.string()),
});

const toolWindow = z.object({ used: z.number(), limit: z.number() });
const tools = z.record(
  z.string(),
  z.object({ minute: z.optional(toolWindow), hour: z.optional(toolWindow) }),
);

/**
 * An example of reading DynamoDB, with the permission beside it: the caller's own counter (RATE-5),
 * and no other item.
 */
export const myUsage = (ownTable: () => Table, limits: () => UserLimits, clock: () => Date) =>
  defineTool({
    name: 'my_usage',
    title: 'My usage',
    description:
      'How many calls you have made in the current minute and hour, and how many you may make: of all tools, and of those that have a limit of their own and that you have called.',
    input: z.object({}),
    output: z.object({ minute: window, hour: window, tools }),
    scopes: [],
    annotations: { readOnlyHint: true, openWorldHint: false },
    grants: [{ actions: ['dynamodb:GetItem'], resource: 'table', leadingKeys: ['user#*'] }],
    handler: async (_input, { caller }) => {
      const used = await readUsage(ownTable(), caller.sub, clock());
      const inForce = limits();
      const general = callerLimit(inForce, caller.groups);
      return {
        minute: shown(used.minute, general.perMinute, used.personal.perMinute),
        hour: shown(used.hour, general.perHour, used.personal.perHour),
        tools: toolUsage(used.tools, inForce.tools),
      };
    },
  });

/** The person's own limit goes before all others. */
const shown = (used: number, { most, group }: WindowLimit, own: number | undefined) => {
  if (own !== undefined) return { used, limit: own, of: 'person' as const };
  if (group === undefined) return { used, limit: most, of: 'user' as const };
  return { used, limit: most, of: 'group' as const, group };
};

const toolUsage = (used: Usage['tools'], limits: UserLimits['tools']) =>
  Object.fromEntries(
    Object.entries(used).flatMap(([tool, { minute, hour }]) => {
      if (!Object.hasOwn(limits, tool)) return [];
      const { perMinute, perHour } = limits[tool] ?? {};
      const windows = {
        ...(perMinute !== undefined && { minute: { used: minute, limit: perMinute } }),
        ...(perHour !== undefined && { hour: { used: hour, limit: perHour } }),
      };
      return [[tool, windows] as const];
    }),
  );

let opened: Table | undefined;

// Opened by the first call: the build loads this file too, and has no table.
const ownTable = (): Table => {
  opened ??= table({
    name: fields.TABLE_NAME(process.env['TABLE_NAME']),
    region: fields.AWS_REGION(process.env['AWS_REGION']),
  });
  return opened;
};

const limitsInForce = (): UserLimits => jsonFields.USER_LIMITS(process.env['USER_LIMITS']);

export default myUsage(ownTable, limitsInForce, () => new Date());
