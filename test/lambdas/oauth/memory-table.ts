import {
  ConditionFailed,
  type Expression,
  type Item,
  type Table,
  TableUnreachable,
} from '../../../lambdas/aws/table.ts';
import { applyUpdate, holds } from './expressions.ts';

export interface MemoryTable extends Table {
  readonly items: Map<string, Item>;
  /** Every access as `operation kind#`, in order. */
  readonly accesses: string[];
  /** Every access fails from now on. */
  down: boolean;
}

/**
 * A `Table` in memory that evaluates the few expressions that the store writes, and throws at any
 * other.
 */
export const memoryTable = (): MemoryTable => {
  const items = new Map<string, Item>();
  const accesses: string[] = [];

  const check = (
    pk: string,
    { condition, ...expression }: Expression & { readonly condition?: string | undefined },
  ) => {
    const item = items.get(pk);
    if (condition !== undefined && !holds(condition, item, expression))
      throw new ConditionFailed(item && structuredClone(item));
  };

  const access = (operation: string, pk: string) => {
    accesses.push(`${operation} ${pk.split('#')[0]}#`);
    if (table.down) throw new TableUnreachable(false, new Error('down'));
  };

  const table: MemoryTable = {
    items,
    accesses,
    down: false,
    get: async (pk) => {
      access('get', pk);
      return items.get(pk);
    },
    put: async (item, condition) => {
      access('put', item.pk);
      check(item.pk, condition ?? {});
      items.set(item.pk, structuredClone(item));
    },
    update: async ({ pk, update, ...expression }) => {
      access('update', pk);
      check(pk, expression);
      const item = structuredClone(items.get(pk) ?? { pk });
      applyUpdate(update, item, expression);
      items.set(pk, item);
      return structuredClone(item);
    },
    delete: async (pk, condition) => {
      access('delete', pk);
      check(pk, condition ?? {});
      const item = items.get(pk);
      items.delete(pk);
      return item;
    },
  };
  return table;
};
