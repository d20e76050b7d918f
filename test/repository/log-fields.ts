/** Words of CloudWatch Logs Insights' own language that a query may hold beside fields. */
const language = new Set([
  'as',
  'avg',
  'coalesce',
  'and',
  'asc',
  'by',
  'count',
  'count_distinct',
  'desc',
  'fields',
  'filter',
  'in',
  'like',
  'max',
  'min',
  'not',
  'or',
  'pct',
  'sort',
  'stats',
]);

/** The fields that a query reads: every bare word that is neither a function, an alias nor text. */
export function fieldsOfQuery(query: string): string[] {
  const aliases = new Set(Array.from(query.matchAll(/\bas (\w+)/g), ([, alias]) => alias));
  const words = query.replaceAll(/"[^"]*"/g, '').matchAll(/@?[A-Za-z_]\w*/g);
  return Array.from(words, ([word]) => word).filter(
    (word) => !word.startsWith('@') && !language.has(word) && !aliases.has(word),
  );
}

/** The names between backticks of a sentence that says what to read of a log. */
export function fieldsOfRunbook(text: string): string[] {
  const quoted = text.matchAll(/`([a-z][A-Za-z]+)(?:=[A-Z]+)?`/g);
  return Array.from(quoted, ([, name = '']) => name);
}

/** The members of an interface or an object that is written as a literal in this source. */
export function membersOf(source: string, opening: string): string[] {
  const start = source.indexOf(opening);
  if (start < 0) throw new Error(`The source has no ${opening}`);
  const body = source.slice(start, source.indexOf('\n}', start));
  return Array.from(body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm), ([, name = '']) => name);
}
