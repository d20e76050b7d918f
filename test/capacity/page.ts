import type { JudgedTemplate } from '../judges/templates.ts';
import type { Outcome } from './arrivals.ts';
import { bounds, monthlyDollars } from './demand.ts';
import { ownLimits } from './quotas.ts';
import { run, type Scenario, scenarios } from './scenarios.ts';

/** The deployment that docs/capacity.md computes with. */
export const judgedConfiguration = 'domain, production';

export const populations = [10, 1000, 100_000] as const;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const thousands = (value: number) => value.toLocaleString('en-US');
const short = (value: number) =>
  value >= 100 ? thousands(Math.round(value)) : String(Number(value.toPrecision(2)));

/** What binds: a row for each limit, the tightest at 100,000 users first. */
export const boundsTable = (template: JudgedTemplate): string => {
  const columns = populations.map((users) => bounds(template, users));
  const [last = []] = columns.slice(-1);
  return [
    row([
      'limit',
      'at most',
      ...populations.map((users) => `${thousands(users)} users`),
      'raised by',
    ]),
    row(['---', '---:', ...populations.map(() => '---:'), '---']),
    ...last.map(({ what, most, unit, raise }) =>
      row([
        what,
        `${thousands(most)}${unit}`,
        ...columns.map((column) => {
          const used = column.find((each) => each.what === what)?.used ?? 0;
          const text = `${short(used)} (${short((100 * used) / most)} %)`;
          return used > most ? `**${text}**` : text;
        }),
        raise,
      ]),
    ),
  ].join('\n');
};

export const dollarsTable = (template: JudgedTemplate): string =>
  [
    row(['users', 'million calls a month', 'calls', 'idle', 'together, dollars']),
    row(['---:', '---:', '---:', '---:', '---:']),
    ...populations.map((users) => {
      const { millions, calls, idle } = monthlyDollars(template, users);
      const together = (calls + idle).toFixed(2);
      return row([thousands(users), short(millions), calls.toFixed(2), idle.toFixed(2), together]);
    }),
  ].join('\n');

export interface Result {
  readonly scenario: Scenario;
  readonly users: number;
  readonly outcome: Outcome;
}

export const results = (template: JudgedTemplate, users: number): readonly Result[] =>
  scenarios.map((scenario) => ({
    scenario,
    users,
    outcome: run(scenario, users, ownLimits(template)),
  }));

export const scenarioRow = ({ scenario, users, outcome }: Result): string => {
  const { requests, refused, givenUp, peakConcurrency, coldStarts, wait } = outcome;
  const byLayer = Object.entries(refused)
    .filter(([, count]) => count > 0)
    .map(([layer, count]) => `${layer} ${thousands(count)}`);
  return row([
    scenario.name,
    thousands(users),
    thousands(requests),
    byLayer.join(', ') || '-',
    thousands(givenUp),
    thousands(peakConcurrency),
    thousands(coldStarts),
    `${wait.median.toFixed(2)} / ${wait.p99.toFixed(2)}`,
  ]);
};

export const scenarioHead = [
  row([
    'burst',
    'users',
    'requests',
    'refused by',
    'given up',
    'functions at once',
    'cold starts',
    'wait, s (median / p99)',
  ]),
  row(['---', '---:', '---:', '---', '---:', '---:', '---:', '---:']),
].join('\n');
