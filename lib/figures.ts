/** How far `userLimits.groups.interns` goes. */
const depth = 3;

/**
 * One entry for each figure, by its path: `userLimits.perMinute`, `addressLimits.oauth.requests`.
 * Entries of a list go by their names. `cdk diff` writes all of a changed value in one line, so a
 * value that holds much shows nobody what has changed.
 */
export const figuresOf = (value: unknown, path: readonly string[] = []): [string, unknown][] => {
  const entries = path.length < depth ? entriesOf(value) : [];
  if (entries.length === 0) return isNothing(value) ? [] : [[path.join('.'), value]];
  return entries.flatMap(([key, each]) => figuresOf(each, [...path, key]));
};

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.entries(value);
  const named = value.flatMap((each: unknown) => {
    const name = nameOf(each);
    return name === undefined ? [] : [[name, each] as const];
  });
  return named.length === value.length ? named : [];
};

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
    ? value.name
    : undefined;
