import type { Expression, Item, Value } from '../../../lambdas/aws/table.ts';

/** Evaluates the part of DynamoDB's expressions that the store room uses, and throws at any other. */

const fail = (what: string): never => {
  throw new Error(`the table in memory cannot evaluate: ${what}`);
};

const isMap = (value: Value | undefined): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pathOf = (text: string, { names }: Expression): string[] =>
  text.split('.').map((name) => (name.startsWith('#') ? (names?.[name] ?? fail(name)) : name));

const valueAt = (text: string, item: Item | undefined, expression: Expression) => {
  if (text.startsWith(':')) return expression.values?.[text] ?? fail(text);
  let value: Value | undefined = item;
  for (const name of pathOf(text, expression)) value = isMap(value) ? value[name] : undefined;
  return value;
};

const compare = (operator: string, left: Value | undefined, right: Value | undefined): boolean => {
  if (operator === '=') return left === right;
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return left > right;
};

const clauseHolds = (clause: string, item: Item | undefined, expression: Expression): boolean => {
  const exists = /^attribute_(not_)?exists\(([#\w.]+)\)$/.exec(clause);
  if (exists) {
    const found = valueAt(exists[2] ?? '', item, expression) !== undefined;
    return found === (exists[1] === undefined);
  }
  const [left = '', operator = '', right = '', ...rest] = clause.split(' ');
  if (rest.length > 0 || !['=', '<', '<=', '>'].includes(operator)) return fail(clause);
  return compare(operator, valueAt(left, item, expression), valueAt(right, item, expression));
};

/** `AND` and `OR` at one level; what stands in parentheses is a level of its own. */
export const holds = (
  condition: string,
  item: Item | undefined,
  expression: Expression,
): boolean => {
  // The parentheses of a function follow its name, and stay.
  const inner = /(?<!\w)\(((?:[^()]|(?<=\w)\([^()]*\))*)\)/.exec(condition);
  if (inner) {
    const [found, group = ''] = inner;
    const result = holds(group, item, expression) ? 'TRUE' : 'FALSE';
    return holds(condition.replace(found, result), item, expression);
  }
  const test = (clause: string): boolean =>
    clause === 'TRUE' || (clause !== 'FALSE' && clauseHolds(clause, item, expression));
  return condition.split(' OR ').some((all) => all.split(' AND ').every(test));
};

type Mutable = Record<string, Value>;

const setAt = (item: Mutable, path: readonly string[], value: Value): void => {
  const [name = '', ...rest] = path;
  if (rest.length === 0) item[name] = value;
  else {
    const inner = item[name];
    if (!isMap(inner)) throw new Error(`${path.join('.')} is in no map`);
    const copy: Mutable = { ...inner };
    setAt(copy, rest, value);
    item[name] = copy;
  }
};

/** Changes `item` as `ADD … SET … REMOVE …` says. */
export const applyUpdate = (update: string, item: Mutable, expression: Expression): void => {
  const parts = Array.from(update.matchAll(/(ADD|SET|REMOVE) (.+?)(?= (?:ADD|SET|REMOVE) |$)/g));
  if (parts.map(([text]) => text).join(' ') !== update) fail(update);
  const {
    ADD: add,
    SET: set,
    REMOVE: remove,
  } = Object.fromEntries(parts.map(([, action = '', rest = '']) => [action, rest]));
  for (const addition of add?.split(', ') ?? []) {
    const [target = '', amount = ''] = addition.split(' ');
    const sum =
      Number(valueAt(target, item, expression) ?? 0) + Number(expression.values?.[amount]);
    setAt(item, pathOf(target, expression), sum);
  }
  const assignments = Array.from(
    set?.matchAll(/([#\w.]+) = (?:if_not_exists\(([#\w.]+), (:\w+)\)|(:\w+))(?:, |$)/g) ?? [],
  );
  if (assignments.map(([text]) => text).join('') !== (set ?? '')) fail(update);
  for (const [, target = '', existing, fallback = '', value = ''] of assignments) {
    const found = existing === undefined ? undefined : valueAt(existing, item, expression);
    const next = found ?? expression.values?.[existing === undefined ? value : fallback];
    setAt(item, pathOf(target, expression), next ?? fail(update));
  }
  for (const name of remove?.split(', ') ?? []) delete item[pathOf(name, expression)[0] ?? ''];
};
