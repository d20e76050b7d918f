import { type Table, TableThrottled } from '../../../../../lambdas/aws/table.ts';
import { myUsage } from '../../../../../lambdas/mcp/default-server/tools/my-usage.ts';
import { callContext } from '../../../../../lambdas/mcp/testing/call-context.ts';
import { countingUpdate } from '../../../../../lambdas/store/user-windows.ts';
import { userLimits } from '../../../../../policy/limits.ts';
import { calls, defaultLimits } from '../../../user-limit/limits.ts';
import { caller } from '../../exchange.ts';

const now = new Date('2026-07-28T12:00:30Z');

const tableWith = (items: Record<string, Record<string, number>>, asked: string[] = []): Table => ({
  get: async (pk) => {
    asked.push(pk);
    return items[pk];
  },
  put: () => Promise.reject(new Error('read only')),
  update: () => Promise.reject(new Error('read only')),
  delete: () => Promise.reject(new Error('read only')),
});

describe('my_usage', () => {
  it('reads the caller’s own counters, by the names under which the limit counts', async () => {
    const { names } = countingUpdate(calls(1), now);
    const item = { [names['#m'] ?? '']: 7, [names['#h'] ?? '']: 61, m1: 999 };
    const requested: string[] = [];
    const tool = myUsage(
      () => tableWith({ [`user#${caller.sub}`]: item }, requested),
      () => defaultLimits,
      () => now,
    );
    expect(await tool.call({}, callContext())).toMatchObject({
      structuredContent: {
        minute: { used: 7, limit: userLimits.perMinute },
        hour: { used: 61, limit: userLimits.perHour },
      },
    });
    expect(requested).toEqual([`user#${caller.sub}`]);
  });

  it('says whose limit it is, and what is left of tools that have one', async () => {
    const limits = {
      ...defaultLimits,
      groups: { interns: { perMinute: 5 } },
      tools: { list_orders: { perMinute: 3 }, idle: { perHour: 9 } },
    };
    const tool = [{ tool: 'list_orders', calls: 1, limit: { perMinute: 3 } }];
    const { names } = countingUpdate({ ...calls(1), tools: tool }, now);
    const item = { [names['#m'] ?? '']: 4, [names['#t0m'] ?? '']: 2, 'm1.idle': 1 };
    const usage = (more: Record<string, number>) =>
      myUsage(
        () => tableWith({ [`user#${caller.sub}`]: { ...item, ...more } }),
        () => limits,
        () => now,
      ).call({}, callContext({ caller: { ...caller, groups: ['interns', 'staff'] } }));
    expect(await usage({})).toMatchObject({
      structuredContent: {
        minute: { used: 4, limit: 5, of: 'group', group: 'interns' },
        hour: { used: 0, limit: userLimits.perHour, of: 'user' },
        tools: { list_orders: { minute: { used: 2, limit: 3 } } },
      },
    });
    expect(await usage({ limitPerMinute: 120 })).toMatchObject({
      structuredContent: { minute: { used: 4, limit: 120, of: 'person' } },
    });
  });

  it('knows a caller that it never saw', async () => {
    const tool = myUsage(
      () => tableWith({}),
      () => defaultLimits,
      () => now,
    );
    expect(await tool.call({}, callContext())).toMatchObject({
      structuredContent: { minute: { used: 0 }, hour: { used: 0 } },
    });
  });

  it('asks for one action on users’ items and nothing more', () => {
    expect(
      myUsage(
        () => tableWith({}),
        () => defaultLimits,
        () => now,
      ).grants,
    ).toEqual([{ actions: ['dynamodb:GetItem'], resource: 'table', leadingKeys: ['user#*'] }]);
  });

  it('lets a fault of the table through to whoever logs it', async () => {
    const broken: Table = {
      ...tableWith({}),
      get: () => Promise.reject(new TableThrottled('ThrottlingException')),
    };
    await expect(
      myUsage(
        () => broken,
        () => defaultLimits,
        () => now,
      ).call({}, callContext()),
    ).rejects.toBeInstanceOf(TableThrottled);
  });
});
