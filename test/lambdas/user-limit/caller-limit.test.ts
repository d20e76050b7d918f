import { ConditionFailed, type Table } from '../../../lambdas/aws/table.ts';
import { callerLimit } from '../../../lambdas/user-limit/caller-limit.ts';
import { userLimiter } from '../../../lambdas/user-limit/user-limit.ts';

const limits = {
  perMinute: 3,
  perHour: 100,
  groups: { ops: { perMinute: 9 }, finance: { perMinute: 5, perHour: 50 } },
  tools: {},
};

describe('what a caller may do', () => {
  it.each([
    [undefined, { most: 3, group: undefined }, { most: 100, group: undefined }],
    [[], { most: 3, group: undefined }, { most: 100, group: undefined }],
    [['nobody', 'constructor'], { most: 3, group: undefined }, { most: 100, group: undefined }],
    [['finance'], { most: 5, group: 'finance' }, { most: 50, group: 'finance' }],
    [['finance', 'ops'], { most: 9, group: 'ops' }, { most: 50, group: 'finance' }],
    [['ops', 'finance'], { most: 9, group: 'ops' }, { most: 50, group: 'finance' }],
  ])('in the groups %j', (groups, perMinute, perHour) => {
    expect(callerLimit(limits, groups)).toEqual({ perMinute, perHour });
  });
});

describe('a caller over a limit hears which it is, and the log too', () => {
  const now = new Date('2026-11-24T12:12:17Z');
  const minute = `m${Math.floor(now.getTime() / 60_000)}`;
  const nothing = () => {};
  const request = {
    now,
    logger: { debug: nothing, info: nothing, warning: nothing, error: nothing },
    securityEvent: nothing,
  };
  const caller = {
    sub: 'sub-1',
    username: 'dev',
    scopes: [],
    clientId: 'appclaude',
    profile: 'claude',
  };
  /** A table whose item is this, and has no room. */
  const full = (item: object): Table => ({
    get: async () => undefined,
    put: async () => {},
    delete: async () => undefined,
    update: async () => {
      throw new ConditionFailed({ pk: 'user#sub-1', ...item });
    },
  });

  it.each([
    [
      { [minute]: 3 },
      undefined,
      [],
      'Each user may make 3 calls a minute.',
      { of: 'user', calls: 3, per: 'minute' },
    ],
    [
      { [minute]: 5 },
      ['finance'],
      [],
      'Members of finance may make 5 calls a minute.',
      { of: 'group', calls: 5, per: 'minute' },
    ],
    [
      { [minute]: 1, limitPerMinute: 1 },
      undefined,
      [],
      'You may make one call a minute, by a limit of your own.',
      { of: 'person', calls: 1, per: 'minute' },
    ],
    [
      { [`${minute}.pay`]: 2 },
      undefined,
      [{ tool: 'pay', calls: 1, limit: { perMinute: 2 } }],
      'Each user may make 2 calls of pay a minute.',
      { of: 'tool', tool: 'pay', calls: 2, per: 'minute' },
    ],
  ])('%j', async (item, groups, tools, words, limit) => {
    const limited = await userLimiter(full(item), limits)(
      { ...caller, ...(groups && { groups }) },
      { calls: 1, tools },
      request,
    ).catch((error: unknown) => error);
    const { of, per } = limit;
    expect(limited).toMatchObject({
      code: 'rate_limit_exceeded',
      message: `Too many requests. ${words}`,
      detail: `${of} limit per ${per}`,
      fix: 'Try again in 43 s.',
      retryAfterSeconds: 43,
    });
    expect(Object(limited).data).toEqual({ limit });
    expect(Object(limited).about).toEqual({
      ...('tool' in limit && { tool: limit.tool }),
      limit: `${of} per ${per}`,
    });
  });
});
