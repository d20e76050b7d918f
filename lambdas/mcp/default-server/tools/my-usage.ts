import * as z from 'zod/mini';
import { userLimits } from '../../../../policy/limits.ts';
import { type Table, table } from '../../../aws/table.ts';
import { fields } from '../../../configuration/fields.ts';
import { readUsage } from '../../../store/users.ts';
import { defineTool } from '../../authoring/define-tool.ts';

const window = (limit: number) =>
  z.object({ used: z.number(), limit: z.number().check(z.describe(`At most ${limit}`)) });

/**
 * An example of reading DynamoDB, with the permission beside it: the caller's own counter (RATE-5),
 * and no other item.
 */
export const myUsage = (ownTable: () => Table, clock: () => Date) =>
  defineTool({
    name: 'my_usage',
    title: 'My usage',
    description:
      'How many calls you have made in the current minute and hour, and how many you may make.',
    input: z.object({}),
    output: z.object({ minute: window(userLimits.perMinute), hour: window(userLimits.perHour) }),
    scopes: [],
    annotations: { readOnlyHint: true, openWorldHint: false },
    grants: [{ actions: ['dynamodb:GetItem'], resource: 'table', leadingKeys: ['user#*'] }],
    handler: async (_input, { caller }) => {
      const used = await readUsage(ownTable(), caller.sub, clock());
      return {
        minute: { used: used.minute, limit: userLimits.perMinute },
        hour: { used: used.hour, limit: userLimits.perHour },
      };
    },
  });

let opened: Table | undefined;

// Opened by the first call: the build loads this file too, and has no table.
const ownTable = (): Table => {
  opened ??= table({
    name: fields.TABLE_NAME.parse(process.env['TABLE_NAME']),
    region: fields.AWS_REGION.parse(process.env['AWS_REGION']),
  });
  return opened;
};

export default myUsage(ownTable, () => new Date());
