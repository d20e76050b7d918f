import type { ConditionParser } from 'dynalite/db/conditionParser.js';

/** Beyond what the functions and their tools ask with. */
const mostRemembered = 1000;

/** What looks at the values themselves while it is parsed, and not at their types alone. */
const readsValues = /between|attribute_type/i;

/** A condition in which the values of a request are still to be put. */
interface Remembered {
  readonly parsed: object;
  readonly fill: Fill;
}

type Values = Readonly<Record<string, object>>;
type Fill = (values: Values) => unknown;

/**
 * dynalite's parser of conditions, which remembers: its grammar reads the same place again and
 * again, which was half of the CPU time of the emulated table. A condition is known by its text, its
 * names and the types of its values. A faulty one is parsed anew, for its message.
 */
export const remembering = (parse: ConditionParser['parse']): ConditionParser['parse'] => {
  const known = new Map<string, Remembered>();
  return (expression, options) => {
    const {
      attrNames = {},
      attrVals = {},
      unusedAttrNames = {},
      unusedAttrVals = {},
    } = options.context;
    if (readsValues.test(expression)) return parse(expression, options);
    const types = Object.entries(attrVals).map(([name, value]) => [name, Object.keys(value)]);
    const key = JSON.stringify([expression, attrNames, types]);
    const before = known.get(key);
    if (before !== undefined) {
      for (const name of namesIn(expression, '#')) delete unusedAttrNames[name];
      for (const name of namesIn(expression, ':')) delete unusedAttrVals[name];
      return { ...before.parsed, expression: before.fill(attrVals) };
    }
    const parsed = parse(expression, options);
    if (typeof parsed === 'string') return parsed;
    if (known.size >= mostRemembered) known.clear();
    const names = new Map(Object.entries(attrVals).map(([name, value]) => [value, name]));
    known.set(key, { parsed, fill: fillOf(parsed.expression, names) });
    return parsed;
  };
};

const namesIn = (expression: string, sign: '#' | ':'): readonly string[] =>
  expression.match(new RegExp(`${sign}\\w+`, 'g')) ?? [];

/** Makes a part of the condition again: the parser puts a request's values into it as they are. */
const fillOf = (part: unknown, names: ReadonlyMap<object, string>): Fill => {
  if (typeof part !== 'object' || part === null) return () => part;
  const name = names.get(part);
  if (name !== undefined) return (values) => values[name];
  if (Array.isArray(part)) {
    const fills = part.map((each) => fillOf(each, names));
    return (values) => fills.map((fill) => fill(values));
  }
  const fills = Object.entries(part).map(([key, each]) => [key, fillOf(each, names)] as const);
  return (values) => Object.fromEntries(fills.map(([key, fill]) => [key, fill(values)]));
};
