import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check';
import type { Table } from '../../../lambdas/aws/table.ts';
import { type Count, countCalls } from '../../../lambdas/store/calls.ts';
import { countingUpdate, type ToolCalls } from '../../../lambdas/store/user-windows.ts';
import { liftLimit, limitUser } from '../../../lambdas/store/users.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import type { CallLimit } from '../../../policy/limits.ts';
import { startEmulatedTable } from '../aws/emulated-table.ts';

let dynamodb: Dynamodb;
let store: Table;
beforeAll(async () => {
  ({ store, dynamodb } = await startEmulatedTable(50_000));
});
afterAll(() => dynamodb.stop());

const seconds = { perMinute: 60, perHour: 3600 } as const;
const windows = ['perMinute', 'perHour'] as const;

/** The same limits, by the plain list of everything that was counted. */
class Model {
  readonly #counted: { readonly at: number; readonly calls: number; readonly of: string }[] = [];
  personal: CallLimit = {};

  count(calls: number, limit: Required<CallLimit>, tools: readonly ToolCalls[], at: number) {
    const fits = windows.flatMap((window) => [
      this.#fits('', calls, this.personal[window] ?? limit[window], window, at),
      ...tools.map((each) => this.#fits(each.tool, each.calls, each.limit[window], window, at)),
    ]);
    if (fits.includes(false)) return 'limited';
    this.#counted.push({ at, calls, of: '' });
    for (const each of tools) this.#counted.push({ at, calls: each.calls, of: each.tool });
    return 'counted';
  }

  #fits(
    of: string,
    calls: number,
    most: number | undefined,
    window: (typeof windows)[number],
    at: number,
  ): boolean {
    const numberOf = (time: number) => Math.floor(time / seconds[window]);
    const used = this.#counted
      .filter((each) => each.of === of && numberOf(each.at) === numberOf(at))
      .reduce((sum, each) => sum + each.calls, 0);
    return most === undefined || used + calls <= most;
  }
}

const small = integer({ min: 1, max: 4 });
const limit = record({ perMinute: small, perHour: integer({ min: 1, max: 9 }) });
const toolLimits: Readonly<Record<string, CallLimit>> = {
  hourly: { perHour: 3 },
  both: { perMinute: 1, perHour: 2 },
};
const tool = record({ tool: constantFrom('hourly', 'both'), calls: integer({ min: 1, max: 2 }) });
const call = record({
  kind: constantFrom('call' as const),
  calls: oneof({ weight: 4, arbitrary: constantFrom(1) }, { weight: 1, arbitrary: small }),
  tools: array(tool, { maxLength: 2 }),
  limit,
  later: constantFrom(0, 1, 29, 60, 61, 1800, 3600),
});
const steps = oneof(
  { weight: 8, arbitrary: call },
  { weight: 1, arbitrary: record({ kind: constantFrom('limit' as const), limit }) },
  { weight: 1, arbitrary: record({ kind: constantFrom('lift' as const) }) },
);

test('the windows count as a plain list of all calls does, in one write each, whatever comes in which order', async () => {
  let people = 0;
  await assert(
    asyncProperty(array(steps, { minLength: 1, maxLength: 25 }), async (history) => {
      people += 1;
      const sub = `person-${people}`;
      const model = new Model();
      let at = 1_774_000_000;
      for (const step of history) {
        if (step.kind === 'limit') {
          model.personal = step.limit;
          await limitUser(store, sub, step.limit);
        } else if (step.kind === 'lift') {
          model.personal = {};
          await liftLimit(store, sub);
        } else {
          at += step.later;
          const tools = [...new Map(step.tools.map((each) => [each.tool, each])).values()].map(
            (each) => ({ ...each, limit: toolLimits[each.tool] ?? {} }),
          );
          const counted = {
            calls: step.calls,
            limit: step.limit,
            tools,
            // One call knows nothing of the item; the rest of a batch what its first call has shown.
            ...(step.calls > 1 && { personal: model.personal }),
          };
          dynamodb.resetCounts();
          const { outcome }: Count = await countCalls(store, { sub }, counted, new Date(at * 1000));
          expect(dynamodb.counts()).toEqual({ UpdateItem: 1 });
          expect(outcome).toBe(model.count(step.calls, step.limit, tools, at));
        }
      }
    }),
    { numRuns: 60 },
  );
});

it('counts each call by its own limits and minute, whichever call was before it', () => {
  const minute = new Date('2026-11-26T12:00:00Z');
  const next = new Date('2026-11-26T12:01:00Z');
  const update = (perMinute: number, perHour: number, now: Date) => {
    const { names, values } = countingUpdate({ calls: 1, limit: { perMinute, perHour } }, now);
    return [names['#m'], values[':m'], values[':h']];
  };
  const [first, second] = [minute, next].map((time) => `m${time.getTime() / 60_000}`);
  expect([
    update(5, 50, minute),
    update(6, 50, minute),
    update(6, 60, minute),
    update(6, 60, next),
    update(5, 50, minute),
  ]).toEqual([
    [first, 4, 49],
    [first, 5, 49],
    [first, 5, 59],
    [second, 5, 59],
    [first, 4, 49],
  ]);
});
