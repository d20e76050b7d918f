/**
 * A resolved value as one text: what CloudFormation puts in stands as `<LogicalId>`,
 * `<LogicalId.Attribute>` or `<AWS::Region>`, and what is no text as JSON. Not as `${…}`, which would
 * be taken for a forgotten `Fn::Sub`.
 */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return JSON.stringify(value, (_, each: unknown) => inserted(each) ?? each).replace(
    /^"(.*)"$/s,
    '$1',
  );
};

/** CloudFormation's functions that a URL or a name of ours may hold. */
const inserted = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  if (name === 'Ref') return `<${String(argument)}>`;
  if (!Array.isArray(argument)) return undefined;
  if (name === 'Fn::GetAtt') return `<${argument.join('.')}>`;
  const [separator, parts] = argument;
  if (name === 'Fn::Join' && typeof separator === 'string' && Array.isArray(parts))
    return parts.map(textOf).join(separator);
  return undefined;
};
