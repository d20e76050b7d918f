/** What somebody may have meant, for a message: the known name that takes the fewest changes. */
const nearestName = (given: string, known: readonly string[]): string | undefined =>
  known
    .map((name) => ({ name, changes: changesBetween(given, name) }))
    // More than that is another word.
    .filter(({ name, changes }) => changes <= Math.max(2, name.length / 3))
    .sort((one, other) => one.changes - other.changes)[0]?.name;

/** Ends a message about a name that nothing has. */
export const suggestion = (name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known);
  return nearest === undefined
    ? `: take it out, or name one of ${known.join(', ')}`
    : `: did you mean ${nearest}?`;
};

/** Levenshtein's distance. */
const changesBetween = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, character] of Array.from(one).entries()) {
    const next = [line + 1];
    for (const [column, wanted] of Array.from(other).entries())
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (character === wanted ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
};
