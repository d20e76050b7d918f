import type { Table } from '../../../lambdas/aws/table.ts';
import { countCalls } from '../../../lambdas/store/calls.ts';
import {
  advanceGrant,
  beginGrant,
  endGrant,
  type GrantState,
  readGrant,
} from '../../../lambdas/store/grants.ts';
import { blockUser, signOutUser } from '../../../lambdas/store/users.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { startEmulatedTable } from '../aws/emulated-table.ts';
import { calls } from '../user-limit/limits.ts';

/**
 * Every interleaving of two and three actors on one grant, step by step, against the emulated
 * table. A step is one table access; what Cognito does stands between the steps. Nothing is
 * sampled.
 */

const seconds = 1_795_521_600;
const at = (offset: number): Date => new Date((seconds + offset) * 1000);
const session = 'session-1';

let dynamodb: Dynamodb;
let store: Table;

beforeAll(async () => {
  ({ store, dynamodb } = await startEmulatedTable(50_000));
});

afterAll(() => dynamodb.stop());

/** What an actor got: a refresh token of this generation, or nothing. */
interface World {
  readonly sub: string;
  readonly got: Map<string, number>;
  /** Something ended the grant or the user before these got their tokens. */
  ended: boolean;
  /** The user was blocked or signed out everywhere: no login that began before goes on. */
  shut: boolean;
  readonly afterTheEnd: string[];
}
type Step = (world: World) => Promise<void>;
type Actor = readonly Step[];

const isServed = (
  state: GrantState,
): state is Extract<GrantState, { readonly state: 'current' | 'sibling' }> =>
  state.state === 'current' || state.state === 'sibling';

/** A process that shares the login refreshes with the token of this generation, as /token does. */
const refresh = (name: string, generation: number, time: number): Actor => {
  let before: GrantState = { state: 'ended' };
  return [
    async ({ sub }) => {
      before = await readGrant(store, sub, 'a', generation, at(time));
    },
    async (world) => {
      if (before.state === 'reused') {
        await endGrant(store, world.sub, 'a', session, at(time));
        world.ended = true;
        return;
      }
      if (!isServed(before)) return;
      const advance = { id: 'a', generation, replaced: before.grant.replaced, session };
      const after = await advanceGrant(store, world.sub, advance, at(time));
      if (!isServed(after)) return;
      world.got.set(name, after.generation);
      if (world.ended) world.afterTheEnd.push(name);
    },
  ];
};

const ending = (act: (sub: string) => Promise<unknown>, shuts: boolean): Actor => [
  async (world) => {
    await act(world.sub);
    world.ended = true;
    world.shut ||= shuts;
  },
];

const actors = {
  'refresh A': () => refresh('A', 1, 10),
  'refresh B': () => refresh('B', 1, 69),
  reuse: () => refresh('thief', 0, 69),
  redeem: (): Actor => [
    async (world) => {
      const login = { clientId: 'c', profile: 'p', scopes: [], since: seconds - 5 };
      const begun = await beginGrant(
        store,
        world.sub,
        'b',
        { ...login, expires: seconds + 1e6, session: 'session-2' },
        at(10),
      );
      if (begun.outcome !== 'begun') return;
      world.got.set('login', 0);
      if (world.shut) world.afterTheEnd.push('login');
    },
  ],
  block: () => ending((sub) => blockUser(store, sub, at(10)), true),
  'sign-out': () => ending((sub) => signOutUser(store, sub, at(10)), true),
  revoke: () => ending((sub) => endGrant(store, sub, 'a', session, at(10)), false),
} as const;
type Name = keyof typeof actors;

/** Every order of the actors' steps that keeps each actor's own. */
const interleavings = (counts: readonly number[]): number[][] => {
  if (counts.every((count) => count === 0)) return [[]];
  return counts.flatMap((count, index) =>
    count === 0
      ? []
      : interleavings(counts.map((each, at) => (at === index ? each - 1 : each))).map((rest) => [
          index,
          ...rest,
        ]),
  );
};

let users = 0;

const run = async (names: readonly Name[], order: readonly number[]): Promise<World> => {
  users += 1;
  const world: World = {
    sub: `user-${users}`,
    got: new Map(),
    ended: false,
    shut: false,
    afterTheEnd: [],
  };
  // A grant that was refreshed once, more than a grace ago.
  const login = { clientId: 'c', profile: 'p', scopes: [], since: seconds - 1000, session };
  await beginGrant(store, world.sub, 'a', { ...login, expires: seconds + 1e6 }, at(-900));
  const first = { id: 'a', generation: 0, replaced: [], session };
  await advanceGrant(store, world.sub, first, at(-800));
  const remaining = names.map((name) => [...actors[name]()]);
  for (const index of order) await remaining[index]?.shift()?.(world);
  return world;
};

const choose = (size: number): Name[][] => {
  const all = Object.keys(actors).filter((name): name is Name => name in actors);
  const from = (start: number, left: number): Name[][] =>
    left === 0
      ? [[]]
      : all
          .slice(start)
          .flatMap((name, index) =>
            from(start + index + 1, left - 1).map((rest) => [name, ...rest]),
          );
  return from(0, size);
};

const cases = [...choose(2), ...choose(3)].map((names) => ({ title: names.join(', '), names }));

describe('in every order of', () => {
  it.each(cases)('$title', async ({ names }) => {
    const counts = names.map((name) => actors[name]().length);
    for (const order of interleavings(counts)) {
      const world = await run(names, order);
      const said = { names, order, got: [...world.got] };
      const { sub } = world;
      // Nobody is given tokens of a grant that has ended.
      expect({ ...said, afterTheEnd: world.afterTheEnd }).toEqual({ ...said, afterTheEnd: [] });
      // One family: whoever was served holds the same generation, and the thief was not.
      const held = [...world.got].filter(([name]) => name !== 'login');
      expect({ ...said, families: new Set(held.map(([, generation]) => generation)).size }).toEqual(
        {
          ...said,
          families: Math.min(held.length, 1),
        },
      );
      expect(world.got.has('thief')).toBe(false);
      const call = (of: string) =>
        countCalls(store, { sub, session: of, issuedAt: seconds + 5 }, calls(1), at(80));
      if (names.includes('block')) expect((await call(session)).outcome).toBe('blocked');
      else if (world.ended) expect((await call(session)).outcome).toBe('ended');
      else {
        // Nothing ended it: every honest sibling within the grace was served.
        const honest = names.filter((name) => name.startsWith('refresh'));
        expect({ ...said, served: held.length }).toEqual({ ...said, served: honest.length });
        expect((await call(session)).outcome).toBe('counted');
      }
    }
  });

  it('has every case: 21 pairs and 35 triples of 7 actors', () => {
    expect(cases).toHaveLength(56);
    expect(interleavings([2, 2, 2])).toHaveLength(90);
  });
});
