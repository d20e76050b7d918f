import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { listedOrigins } from './runtime/crawl.ts';
import { cell, during, failures } from './runtime/failures.ts';
import { faultsOf } from './runtime/response-rules.ts';
import { policyEndpoints } from './runtime/routes.ts';
import type { Received } from './runtime/send.ts';

interface Row {
  readonly when: string;
  /** By column. */
  readonly answers: Readonly<Record<string, string>>;
}

/** The first table of docs/failure-modes.md: what is promised there is what is compared here. */
const promised = (): readonly Row[] => {
  const document = readFileSync(
    join(import.meta.dirname, '..', '..', 'docs', 'failure-modes.md'),
    'utf8',
  );
  const lines = document.slice(document.indexOf('\n|') + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const [[, ...columns] = [], , ...rows] = lines.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((text) => text.trim()),
  );
  return rows.map(([when = '', ...cells]) => ({
    when,
    answers: Object.fromEntries(cells.map((text, index) => [columns[index] ?? '', text])),
  }));
};

const endpointOf = (column: string) => {
  const named: Readonly<Record<string, string>> = {
    metadata: '/.well-known/oauth-protected-resource',
    'the code again': '/token',
    'the refresh again': '/token',
  };
  const path = named[column] ?? column.split(',')[0];
  return policyEndpoints.find((endpoint) => endpoint.path === path);
};

interface Outcome {
  readonly answers: Readonly<Record<string, Received>>;
  /** Requests that were let through without having been counted. */
  readonly uncounted: number;
}

const rows = promised();
const isSlow = (when: string): boolean => when.includes(' after ');
const started: Gatehouse[] = [];
const outcomes = new Map<string, Promise<Outcome>>();
/** All tests that were chosen have run: of a part of them (`-t`), some rows are left. */
let isOver = false;

const rehearse = async (gatehouse: Gatehouse, when: string): Promise<Outcome> => {
  gatehouse.logs.splice(0);
  const responses = await during(
    gatehouse,
    failures[when] ?? (() => Promise.reject(new Error(`Nobody knows how to break this: ${when}`))),
  );
  // Whatever this row's callers have used up comes back before the next one.
  gatehouse.clock.advance(60_000);
  return {
    answers: responses,
    uncounted: gatehouse.logs.filter(({ line }) => line.includes('"event":"UserLimitUnavailable"'))
      .length,
  };
};

/** Emulates rows one after another; each test waits for its own. */
const emulateInTurn = (gatehouse: Gatehouse, own: readonly Row[]): void => {
  let before: Promise<unknown> = Promise.resolve();
  for (const { when } of own) {
    const outcome = before
      .catch(() => {})
      .then(() =>
        isOver ? Promise.reject(new Error('Nobody waits for it.')) : rehearse(gatehouse, when),
      );
    // A row that fails is its own test's business.
    outcome.catch(() => {});
    outcomes.set(when, outcome);
    before = outcome;
  }
};

// Rows that consist of waiting are emulated on this computer of their own, beside the others.
beforeAll(async () => {
  for (const own of [
    rows.filter(({ when }) => !isSlow(when)),
    rows.filter(({ when }) => isSlow(when)),
  ]) {
    const gatehouse = await startGatehouse();
    started.push(gatehouse);
    emulateInTurn(gatehouse, own);
  }
});
afterAll(async () => {
  isOver = true;
  // The row that is being emulated asks a runtime that is still there.
  await Promise.allSettled(outcomes.values());
  await Promise.all(started.map((gatehouse) => gatehouse.stop()));
});

describe('docs/failure-modes.md', () => {
  it('has a row for each failure that can be emulated, and no other', () => {
    expect(rows.map(({ when }) => when)).toEqual(Object.keys(failures));
  });

  it.each(rows)('is true when $when', async ({ when, answers: expected }) => {
    const { answers, uncounted } = (await outcomes.get(when)) ?? { answers: {}, uncounted: 0 };
    expect(
      Object.fromEntries(Object.entries(answers).map(([column, answer]) => [column, cell(answer)])),
    ).toEqual(expected);
    for (const [column, answer] of Object.entries(answers)) {
      const requested = { method: 'POST', endpoint: endpointOf(column) };
      expect({
        column,
        faults: faultsOf(answer, requested, {
          allowedOrigins: listedOrigins,
          internals: started.map(({ table }) => table.endpoint),
        }),
      }).toEqual({
        column,
        faults: [],
      });
    }
    // Whoever is let through without having been counted is reported.
    const outOfReach =
      when.startsWith('the table') && !when.endsWith('throttles') && !when.endsWith('1 s');
    expect(uncounted).toBe(outOfReach ? 2 : 0);
  });
});
