/**
 * CloudWatch Logs Insights, as far as the queries of the template and the runbook go: `fields`,
 * `filter`, `stats`, `sort` and `limit`, over lines of JSON. What it does not know it refuses, so that a query which means
 * something else on AWS is not taken for tried.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */

export type Row = Readonly<Record<string, unknown>>;
type Evaluate = (row: Row) => unknown;

/** Runs a query over lines, each with the time at which it was written. */
export const runQuery = (query: string, lines: readonly string[]): readonly Row[] => {
  let rows: readonly Row[] = lines.flatMap((line) => {
    const members: unknown = JSON.parse(line);
    if (typeof members !== 'object' || members === null) return [];
    const row: Record<string, unknown> = Object.fromEntries(Object.entries(members));
    return [{ ...flat(row), '@message': line, '@timestamp': row['timestamp'] }];
  });
  for (const command of query.split(/\s+\|\s+/)) {
    const [, name = '', text = ''] = /^(\w+)\s+([\s\S]*)$/.exec(command.trim()) ?? [];
    const run = commands[name];
    if (run === undefined) throw new Error(`Not a command that is known here: ${command}`);
    rows = run(text, rows);
  }
  return rows;
};

/** Members of objects are read by a dotted path. */
const flat = (row: Row, prefix = ''): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flat(Object.fromEntries(Object.entries(value)), `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  );

const commands: Readonly<Record<string, (text: string, rows: readonly Row[]) => readonly Row[]>> = {
  fields: (text, rows) => {
    const columns = list(text).map(named);
    // Later commands still see the other fields.
    return rows.map((row) => ({
      ...row,
      ...Object.fromEntries(columns.map(({ name, evaluate }) => [name, evaluate(row)])),
    }));
  },
  filter: (text, rows) => {
    const condition = parse(text);
    return rows.filter((row) => condition(row) === true);
  },
  stats: (text, rows) => {
    const [, functions = '', by = ''] = /^([\s\S]*?)(?:\s+by\s+([\s\S]*))?$/.exec(text) ?? [];
    const columns = list(functions).map(aggregate);
    const keys = list(by).map(named);
    const groups = new Map<string, { readonly key: Row; readonly rows: Row[] }>();
    for (const row of rows) {
      const key = Object.fromEntries(keys.map(({ name, evaluate }) => [name, evaluate(row)]));
      const id = JSON.stringify(key);
      const group = groups.get(id) ?? { key, rows: [] };
      group.rows.push(row);
      groups.set(id, group);
    }
    return [...groups.values()].map(({ key, rows: members }) => ({
      ...key,
      ...Object.fromEntries(columns.map(({ name, over }) => [name, over(members)])),
    }));
  },
  sort: (text, rows) => {
    const [, field = '', direction] = /^(\S+) (asc|desc)$/.exec(text.trim()) ?? [];
    if (rows.some((row) => !(field in row))) throw new Error(`sort: nothing is called ${field}`);
    if (direction === undefined) throw new Error(`sort: not understood: ${text}`);
    const sign = direction === 'desc' ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(a[field], b[field]));
  },
  limit: (text, rows) => rows.slice(0, Number(text)),
};

/** A figure that the access log quotes is one all the same. */
const figure = /^\d+(\.\d+)?$/;
const compare = (a: unknown, b: unknown): number =>
  figure.test(String(a)) && figure.test(String(b))
    ? Number(a) - Number(b)
    : String(a).localeCompare(String(b));

const parse = (text: string): Evaluate => {
  const tokens = tokensOf(text);
  const evaluate = either(tokens);
  if (tokens.length > 0) throw new Error(`Not understood from here: ${tokens.join(' ')}`);
  return evaluate;
};

const named = (text: string): { readonly name: string; readonly evaluate: Evaluate } => {
  const [, expression = '', alias] = /^([\s\S]*?)(?:\s+as\s+(\w+))?$/.exec(text.trim()) ?? [];
  return { name: alias ?? expression.trim(), evaluate: parse(expression) };
};

const aggregate = (text: string) => {
  const [, name = '', inside = '', alias] =
    /^(\w+)\(([^()]*)\)\s+as\s+(\w+)$/.exec(text.trim()) ?? [];
  const make = aggregates[name];
  if (make === undefined || alias === undefined) throw new Error(`Not a function: ${text}`);
  const [field = '', ...others] = list(inside);
  const values = (rows: readonly Row[]) =>
    rows.map((row) => row[field]).filter((value) => value !== undefined);
  return { name: alias, over: (rows: readonly Row[]) => make(values(rows), rows, others) };
};

type Aggregate = (
  values: readonly unknown[],
  rows: readonly Row[],
  others: readonly string[],
) => unknown;

const sorted = (values: readonly unknown[]) => [...values].sort(compare);

const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (_, rows) => rows.length,
  count_distinct: (values) => new Set(values).size,
  max: (values) => sorted(values).at(-1),
  min: (values) => sorted(values)[0],
  avg: (values) => values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length,
  pct: (values, _, [percent]) =>
    sorted(values)[Math.ceil((Number(percent) / 100) * values.length) - 1],
};

/** Parts between commas that stand in no brackets. */
const list = (text: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if ('(['.includes(character)) depth += 1;
    if (')]'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return [...parts, part.trim()].filter((each) => each !== '');
};

const tokensOf = (text: string): string[] =>
  text.match(/"[^"]*"|\/[^/]*\/|[\w@.]+|!=|[=()[\],]/g)?.map(String) ?? [];

const isNext = (tokens: readonly string[], wanted: string): boolean => tokens[0] === wanted;

const either = (tokens: string[]): Evaluate => {
  const parts = [both(tokens)];
  while (tokens[0] === 'or') {
    tokens.shift();
    parts.push(both(tokens));
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (row) => parts.some((part) => part(row) === true);
};

const both = (tokens: string[]): Evaluate => {
  const parts = [comparison(tokens)];
  while (tokens[0] === 'and') {
    tokens.shift();
    parts.push(comparison(tokens));
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (row) => parts.every((part) => part(row) === true);
};

const comparison = (tokens: string[]): Evaluate => {
  const left = value(tokens);
  if (tokens[0] === '=' || tokens[0] === '!=') {
    const wanted = tokens.shift() === '=';
    const right = value(tokens);
    return (row) => (left(row) === right(row)) === wanted;
  }
  if (tokens[0] === 'like') {
    tokens.shift();
    const [, source] = /^\/(.+)\/$/.exec(tokens.shift() ?? '') ?? [];
    if (source === undefined) throw new Error('like: without a regular expression');
    const pattern = new RegExp(source);
    return (row) => {
      const found = left(row);
      return found !== undefined && pattern.test(String(found));
    };
  }
  const negated = tokens[0] === 'not';
  if (negated) tokens.shift();
  if (!isNext(tokens, 'in')) {
    if (negated) throw new Error('not: without in');
    return left;
  }
  tokens.shift();
  expect(tokens.shift(), '[');
  const members: unknown[] = [];
  while (!isNext(tokens, ']')) {
    if (isNext(tokens, ',')) tokens.shift();
    members.push(value(tokens)({}));
  }
  tokens.shift();
  // A field that is not there is in no list, and is not "not in" one either.
  return (row) => {
    const found = left(row);
    return found !== undefined && members.includes(found) !== negated;
  };
};

const value = (tokens: string[]): Evaluate => {
  const token = tokens.shift() ?? '';
  if (token === '(') {
    const inside = either(tokens);
    expect(tokens.shift(), ')');
    return inside;
  }
  if (token.startsWith('"')) return () => token.slice(1, -1);
  if (/^\d+$/.test(token)) return () => Number(token);
  if (!isNext(tokens, '(')) return (row) => row[token];
  if (token !== 'coalesce') throw new Error(`Not a function that is known here: ${token}`);
  tokens.shift();
  const choices: Evaluate[] = [];
  while (!isNext(tokens, ')')) {
    if (isNext(tokens, ',')) tokens.shift();
    choices.push(value(tokens));
  }
  tokens.shift();
  return (row) => choices.map((choice) => choice(row)).find((found) => found !== undefined);
};

const expect = (found: string | undefined, wanted: string): void => {
  if (found !== wanted) throw new Error(`${wanted} is missing before ${found}`);
};
