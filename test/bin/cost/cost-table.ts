import { type Item, sumOf } from '../../../bin/cost/cost.ts';

/** A table of docs/cost.md: a row for each item, a column for each template. */
export const costTable = (
  first: string,
  columns: readonly (readonly [string, readonly Item[]])[],
): string => {
  const [[, items] = ['', []]] = columns;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const money = (dollars: number) => dollars.toFixed(2);
  const quantity = (count: number) => String(Math.round(count * 1000) / 1000);
  return [
    row([first, ...columns.map(([name]) => `\`${name}\``)]),
    row(['---', ...columns.map(() => '---:')]),
    ...items.map(({ what }, index) =>
      row([
        what,
        ...columns.map(([, column]) => {
          const { count = 0, dollars = 0 } = column[index] ?? {};
          return count === 0 ? '-' : `${quantity(count)}: ${money(dollars)}`;
        }),
      ]),
    ),
    row(['**together**', ...columns.map(([, column]) => `**${money(sumOf(column))}**`)]),
  ].join('\n');
};
