import {
  type CostedTemplate,
  type Item,
  itemOfMachines,
  itemOfUsers,
  itemsPerMillion,
  monthlyItems,
  sumOf,
} from './cost.ts';

/** How much a deployment is used in a month. */
interface Use {
  readonly calls: number;
  readonly users: number;
  /** Tokens of machines. @default as many as machines take that call all the time */
  readonly machineTokens?: number | undefined;
}

/** A month's bill, in US dollars. */
export interface Bill extends Use {
  readonly stack: string;
  readonly idle: readonly Item[];
  readonly use: readonly Item[];
  readonly idleDollars: number;
  readonly useDollars: number;
  readonly dollars: number;
}

const million = 1e6;

export const bill = (
  template: CostedTemplate & { readonly stack: string },
  { calls, users, machineTokens }: Use,
): Bill => {
  const idle = monthlyItems(template);
  const ofCalls = itemsPerMillion(template).map(({ what, count, dollars }) => ({
    what,
    count: (count * calls) / million,
    dollars: (dollars * calls) / million,
  }));
  const use = [...ofCalls, itemOfUsers(template, users), itemOfMachines(template, machineTokens)];
  return {
    stack: template.stack,
    calls,
    users,
    machineTokens,
    idle,
    use,
    idleDollars: sumOf(idle),
    useDollars: sumOf(use),
    dollars: sumOf(idle) + sumOf(use),
  };
};

const row = (what: string, dollars: number): string =>
  `  ${what.padEnd(48)}${dollars.toFixed(2).padStart(10)}`;

const rows = (items: readonly Item[]): readonly string[] =>
  items
    .filter(({ count }) => count > 0)
    .map(({ what, count, dollars }) =>
      row(`${what} (${String(Math.round(count * 1000) / 1000)})`, dollars),
    );

export const billText = ({ stack, calls, users, idle, use, ...sums }: Bill): string =>
  [
    `${stack}, a month in US dollars`,
    '',
    'While nobody calls',
    ...rows(idle),
    row('together', sums.idleDollars),
    '',
    `${calls.toLocaleString('en')} calls of a quick tool, ${users.toLocaleString('en')} people (numbers in millions, unless they say otherwise)`,
    ...rows(use),
    row('together', sums.useDollars),
    '',
    row('All of it', sums.dollars),
    '',
    'List prices of us-east-1, without free tiers: docs/cost.md says what a call is taken to be, and what is not counted.',
  ].join('\n');
