import {
  ConditionFailed,
  type Item,
  type Table,
  TableUnreachable,
  type Value,
} from '../../../lambdas/aws/table.ts';

interface Expression {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, Value>>;
}

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

  const named = (name: string, { names }: Expression) =>
    name.startsWith('#') ? (names?.[name] ?? fail(name)) : name;
  const valued = (name: string, { values }: Expression) => values?.[name] ?? fail(name);

  const test = (clause: string, item: Item | undefined, expression: Expression): boolean => {
    const exists = /^attribute_(not_)?exists\((#?\w+)\)$/.exec(clause);
    if (exists)
      return (
        (item?.[named(exists[2] ?? '', expression)] !== undefined) === (exists[1] === undefined)
      );
    const compared = /^(#?\w+) ([=<>]) (:\w+)$/.exec(clause);
    if (!compared) return fail(clause);
    const [, name = '', operator, value = ''] = compared;
    const left = item?.[named(name, expression)];
    const right = valued(value, expression);
    if (operator === '=') return left === right;
    if (typeof left !== 'number' || typeof right !== 'number') return false;
    return operator === '<' ? left < right : left > right;
  };

  const check = (
    pk: string,
    { condition, ...expression }: Expression & { readonly condition?: string | undefined },
  ) => {
    if (condition === undefined) return;
    const item = items.get(pk);
    const holds = condition
      .split(' OR ')
      .some((all) => all.split(' AND ').every((clause) => test(clause, item, expression)));
    if (!holds) throw new ConditionFailed(item);
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
      const item: Record<string, Value> = { ...(items.get(pk) ?? { pk }) };
      const set =
        /^SET (\w+) = (?:(:\w+)|if_not_exists\((\w+), (:\w+)\))(?: (?:REMOVE|ADD) .*)?$/.exec(
          update,
        );
      const remove = /^(?:SET .* )?REMOVE (\w+)$/.exec(update);
      if (!set && !remove) fail(update);
      const add = / ADD (\w+) (:\w+)$/.exec(update);
      if (add) {
        const [, name = '', value = ''] = add;
        item[name] = Number(item[name] ?? 0) + Number(valued(value, expression));
      }
      if (remove) delete item[remove[1] ?? ''];
      if (set?.[2]) item[set[1] ?? ''] = valued(set[2], expression);
      else if (set) item[set[1] ?? ''] ??= valued(set[4] ?? '', expression);
      items.set(pk, item);
      return item;
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

const fail = (what: string): never => {
  throw new Error(`the table in memory cannot evaluate: ${what}`);
};
