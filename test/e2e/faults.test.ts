import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { listedOrigins } from './laptop/crawl.ts';
import { cell, during, failures } from './laptop/failures.ts';
import { faultsOf } from './laptop/response-rules.ts';
import { policyEndpoints } from './laptop/routes.ts';

interface Row {
  readonly when: string;
  /** By column. */
  readonly answers: Readonly<Record<string, string>>;
}

/** The table of docs/failure-modes.md: what is promised there is what is compared here. */
const promised = (): readonly Row[] => {
  const document = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'failure-modes.md'), 'utf8');
  const [[, ...columns] = [], , ...rows] = document
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
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

const rows = promised();
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse();
}, 240_000);
afterAll(() => gatehouse?.stop());

describe('docs/failure-modes.md', () => {
  it('has a row for each failure that can be played, and no other', () => {
    expect(rows.map(({ when }) => when)).toEqual(Object.keys(failures));
  });

  it.each(rows)(
    'is true when $when',
    async ({ when, answers: expected }) => {
      gatehouse.logs.splice(0);
      const answers = await during(gatehouse, failures[when] ?? (() => Promise.reject(new Error(`Nobody knows how to play: ${when}`))));
      // Whatever this row's callers have used up comes back before the next one.
      gatehouse.clock.advance(60_000);
      expect(Object.fromEntries(Object.entries(answers).map(([column, answer]) => [column, cell(answer)]))).toEqual(expected);
      for (const [column, answer] of Object.entries(answers)) {
        // A self-test that fails is a report and not an error.
        if (column === '/self-test' && answer.status === 503) continue;
        const asked = { method: 'POST', endpoint: endpointOf(column) };
        expect({
          column,
          faults: faultsOf(answer, asked, { allowedOrigins: listedOrigins, internals: [gatehouse.table.endpoint] }),
        }).toEqual({
          ...{ column, faults: [] },
        });
      }
      // Whoever is let through without having been counted is reported.
      const uncounted = gatehouse.logs.filter(({ line }) => line.includes('"event":"UserLimitUnavailable"')).length;
      const outOfReach = when.startsWith('the table') && !when.endsWith('throttles') && !when.endsWith('1 s');
      expect(uncounted).toBe(outOfReach ? 2 : 0);
    },
    60_000,
  );
});
