/** What stands in expressions beside attributes. */
const words = new Set(
  (
    'SET REMOVE ADD DELETE AND OR NOT IN BETWEEN if_not_exists list_append attribute_exists ' +
    'attribute_not_exists attribute_type begins_with contains size'
  )
    .toLowerCase()
    .split(' '),
);

/**
 * The top-level attributes that a request names: what IAM compares as `dynamodb:Attributes`.
 *
 * @param expressions - of update, condition and projection
 * @param names - `ExpressionAttributeNames`
 * @param items - `Key` and `Item`, whose attributes count too
 */
export const namedAttributes = (
  expressions: readonly (string | undefined)[],
  names: Readonly<Record<string, string>>,
  items: readonly (object | undefined)[],
): readonly string[] => {
  const inExpressions = expressions.flatMap((text = '') =>
    [...text.matchAll(/(?<![\w.:#])#?[A-Za-z_]\w*/g)].map(([name]) => names[name] ?? name),
  );
  return [
    ...new Set([
      ...items.flatMap((item) => Object.keys(item ?? {})),
      ...inExpressions.filter((name) => !words.has(name.toLowerCase())),
    ]),
  ];
};
