/** Something that a template's value leads to. */
export type Reference =
  /** A resource (or a parameter, or a pseudo parameter) of the same template, by its logical id. */
  | { readonly kind: 'resource'; readonly logicalId: string }
  /** What another stack exports under a name. */
  | { readonly kind: 'export'; readonly name: string }
  | { readonly kind: 'output'; readonly stackName: string; readonly output: string };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything that a value of a template refers to, however deep. */
export const referencesIn = (value: unknown): readonly Reference[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(
    ([key, argument]) => readers[key]?.(argument) ?? referencesIn(argument),
  );
};

/**
 * By intrinsic function: what its argument refers to; undefined where it is to be looked through
 * like any other value.
 */
const readers: Readonly<Record<string, (argument: unknown) => readonly Reference[] | undefined>> = {
  Ref: (argument) => (typeof argument === 'string' ? [resource(argument)] : undefined),
  'Fn::GetAtt': (argument) => {
    const target: unknown = Array.isArray(argument) ? argument[0] : argument;
    return typeof target === 'string' ? [resource(target)] : undefined;
  },
  'Fn::Sub': (argument) => {
    const [text, variables]: unknown[] = Array.isArray(argument) ? argument : [argument];
    if (typeof text !== 'string') return undefined;
    const own = isRecord(variables) ? variables : {};
    const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].flatMap(([, name]) => name ?? []);
    return [
      ...names.filter((name) => !Object.hasOwn(own, name)).map(resource),
      ...referencesIn(own),
    ];
  },
  'Fn::ImportValue': (argument) =>
    typeof argument === 'string' ? [{ kind: 'export', name: argument }] : undefined,
  'Fn::GetStackOutput': (argument) => {
    const { StackName: stackName, OutputName: output }: Readonly<Record<string, unknown>> =
      isRecord(argument) ? argument : {};
    return typeof stackName === 'string' && typeof output === 'string'
      ? [{ kind: 'output', stackName, output }]
      : undefined;
  },
};

/** `Name` and `Name.Attribute` alike. */
const resource = (name: string): Reference => ({
  kind: 'resource',
  logicalId: name.split('.')[0] ?? name,
});

/** Names of DynamoDB tables that ARNs anywhere in a value end in; `*` stands for anything. */
export const tableNamesIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string')
    return [...value.matchAll(/:table\/([\w.*-]+)/g)].flatMap(([, name]) => name ?? []);
  if (Array.isArray(value)) return value.flatMap(tableNamesIn);
  return isRecord(value) ? Object.values(value).flatMap(tableNamesIn) : [];
};
