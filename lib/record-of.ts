/** An object with a value for each key: `Object.fromEntries` that keeps the keys' type. */
export const recordOf = <K extends string, V>(
  keys: readonly K[],
  value: (key: K) => V,
): Readonly<Record<K, V>> => {
  const made: Partial<Record<K, V>> = {};
  for (const key of keys) made[key] = value(key);
  const isWhole = (record: Partial<Record<K, V>>): record is Record<K, V> =>
    keys.every((key) => key in record);
  if (!isWhole(made)) throw new Error('A key has no value.');
  return made;
};
