/** Changes of one character that lead from one word to another (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, character] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, compared] of [...other].entries())
      next.push(
        Math.min(
          (row[j] ?? 0) + (character === compared ? 0 : 1),
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
};

const longestWord = 64;

/** The known word that somebody most likely meant, if one is near. */
export const nearest = (typed: string, known: readonly string[]): string | undefined => {
  const word = typed.slice(0, longestWord).toLowerCase();
  const [best] = known
    .map((name) => ({ name, distance: distance(word, name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  return best !== undefined && best.distance <= Math.ceil(word.length * 0.4)
    ? best.name
    : undefined;
};
