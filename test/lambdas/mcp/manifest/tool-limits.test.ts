import { manifestOf } from '../../../../lambdas/mcp/manifest/manifest.ts';
import type { ToolLimits } from '../../../../lambdas/mcp/manifest/tool-limits.ts';
import { mostUserCalls } from '../../../../policy/limits.ts';
import { add, echo } from '../fixtures.ts';

const files = (limit?: unknown) =>
  ({
    tools: [
      ['add.ts', { default: { ...add, ...(limit !== undefined && { limit }) } }],
      ['echo.ts', { default: echo }],
    ],
    prompts: [],
    resources: [],
  }) as const;
const limitsOf = (limit: unknown, toolLimits: ToolLimits = {}) =>
  manifestOf(files(limit), { toolLimits }).toolLimits;

test('a limit stands beside its tool; the stack’s goes before it', () => {
  expect(limitsOf(undefined)).toEqual({});
  expect(limitsOf({ perMinute: 5 })).toEqual({ add: { perMinute: 5 } });
  const stack = { add: { perHour: 9 }, echo: { perMinute: 1 } };
  expect(limitsOf({ perMinute: 5 }, stack)).toEqual(stack);
});

test('a limit of the stack that names no tool is refused with the nearest name', () => {
  expect(() => limitsOf(undefined, { ecco: { perMinute: 1 } })).toThrow(
    'userLimits.tools.ecco: names no tool: did you mean echo?',
  );
});

test.each([
  [5, 'limit is not an object'],
  [{}, 'limit says neither perMinute nor perHour'],
  [{ perDay: 5 }, 'limit has no perDay'],
  [{ perMinute: 0 }, `limit.perMinute is not a whole number from 1 to ${mostUserCalls.perMinute}`],
  [{ perMinute: 1.5 }, 'limit.perMinute is not a whole number'],
  [{ perMinute: 50, perHour: 10 }, 'limit has a perMinute over its perHour'],
  [{ perHour: '9' }, `limit.perHour is not a whole number from 1 to ${mostUserCalls.perHour}`],
])('%j beside a tool is refused', (limit, reason) => {
  expect(() => limitsOf(limit)).toThrow(`tools/add.ts: ${reason}`);
  expect(() => limitsOf(limit)).toThrow(': limit: { perMinute: 5 }');
});
