import { nearest } from '../../policy/nearest-word.ts';
import { StartupFailure } from '../failure.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import type { AssemblyStack } from './assembly.ts';
import { knownResources } from './known-resources.ts';
import { type Reference, referencesIn, tableNamesIn } from './references.ts';

/** What of an app is emulated. */
export interface Selection {
  /** Path of the construct. */
  readonly gatehouse: string;
  readonly stack: AssemblyStack;
  /**
   * Logical ids by stack; a resource that stands outside the Gatehouse comes with the construct
   * that led to it.
   */
  readonly kept: ReadonlyMap<AssemblyStack, ReadonlyMap<string, string | undefined>>;
  /** Everything else that would do something, in words. */
  readonly leftOut: readonly string[];
  /** Tables that functions of the Gatehouse may reach and that the app does not have. */
  readonly missingTables: readonly string[];
}

/**
 * Finds the Gatehouse in an app, what belongs to it and what it leads to: other resources that it
 * refers to, in whichever stack, and tables that its roles reach by name. Whatever else the app
 * deploys does nothing here.
 * @param wanted - path of the construct; needed where there are several
 * @param without - logical ids that are left out on purpose
 * @throws StartupFailure that lists the candidates
 */
export const select = (
  stacks: readonly AssemblyStack[],
  wanted?: string,
  without: ReadonlySet<string> = new Set(),
): Selection => {
  const { stack, path } = choose(stacks, wanted);
  const within = stacks.filter(({ folder }) => folder === stack.folder);
  const kept = new Map<AssemblyStack, Map<string, string | undefined>>();

  const take = (from: AssemblyStack, logicalId: string, because?: string): void => {
    const taken = kept.get(from) ?? new Map<string, string | undefined>();
    // A parameter, perhaps: what cannot be resolved is refused where it is.
    const resource = Object.hasOwn(from.template.Resources, logicalId)
      ? from.template.Resources[logicalId]
      : undefined;
    if (resource === undefined || taken.has(logicalId)) return;
    kept.set(from, taken.set(logicalId, because));
    // What a resource leads to that is left out is not needed either.
    if (without.has(logicalId)) return;
    follow(from, resource.Properties, constructOf(from, logicalId));
  };
  const follow = (from: AssemblyStack, value: unknown, because: string): void => {
    for (const reference of referencesIn(value)) {
      if (reference.kind === 'resource') take(from, reference.logicalId, because);
      else {
        const found = findOutput(within, reference);
        if (found) follow(found.stack, found.stack.template.Outputs[found.name]?.Value, because);
      }
    }
  };

  const own = Object.keys(stack.template.Resources).filter((logicalId) =>
    belongs(stack, logicalId, path),
  );
  if (own.length === 0)
    throw new StartupFailure(
      `${path} is in a nested stack, which the local runtime does not emulate.`,
    );
  for (const logicalId of own) take(stack, logicalId);
  const unknown = [...without].find((logicalId) => !isSomewhere(within, logicalId));
  if (unknown !== undefined) {
    const known = within.flatMap((each) => Object.keys(each.template.Resources));
    const near = nearest(unknown, known);
    throw new StartupFailure(
      `--without ${unknown}: the template has no such resource${near === undefined ? '' : `; the nearest is ${near}`}.`,
    );
  }

  const reachable = namesInPolicies(stack, kept.get(stack));
  const tables = tablesIn([stack, ...within.filter((each) => each !== stack)]);
  for (const table of tables.filter(({ name }) =>
    reachable.some((pattern) => matchesWildcard(pattern, name)),
  ))
    take(table.stack, table.logicalId, `a grant for the table ${table.name}`);

  return {
    gatehouse: path,
    stack,
    kept,
    leftOut: [
      ...[...without].map((logicalId) => `${logicalId} (--without)`),
      ...leftOutOf(within, stack, kept),
    ],
    missingTables: reachable.filter(
      (name) => !name.includes('*') && !tables.some((table) => table.name === name),
    ),
  };
};

const choose = (stacks: readonly AssemblyStack[], wanted: string | undefined) => {
  const all = stacks.flatMap((stack) => stack.gatehouses.map((path) => ({ stack, path })));
  const [found, ...more] = all.filter(({ path }) => wanted === undefined || path === wanted);
  if (found !== undefined && more.length === 0) return found;
  const candidates = all.map(({ path }) => `\n  ${path}`).join('');
  if (all.length === 0)
    throw new StartupFailure(
      "The app has no Gatehouse in it. One line makes one: new Gatehouse(this, 'Mcp', { entry: … });",
    );
  if (found === undefined)
    throw new StartupFailure(`The app has no Gatehouse at ${wanted}. It has:${candidates}`);
  throw new StartupFailure(
    `The app has ${all.length} Gatehouses. Choose one with --path:${candidates}`,
  );
};

const isSomewhere = (stacks: readonly AssemblyStack[], logicalId: string): boolean =>
  stacks.some(({ template }) => Object.hasOwn(template.Resources, logicalId));

const isPartOf = (part: string, whole: string): boolean => part.startsWith(`${whole}/`);

/** A resource whose place nobody knows counts as the Gatehouse's: it is emulated, or refused. */
const belongs = ({ constructs }: AssemblyStack, logicalId: string, path: string): boolean =>
  constructs.get(logicalId)?.some((construct) => isPartOf(construct, path)) ?? true;

/** Without the name that every construct gives to the resource that it is about. */
const constructOf = ({ constructs }: AssemblyStack, logicalId: string): string =>
  (constructs.get(logicalId)?.[0] ?? logicalId).replace(/\/(Resource|Default)$/, '');

/** Where another stack's value comes from. */
export const findOutput = (
  stacks: readonly AssemblyStack[],
  reference: Exclude<Reference, { kind: 'resource' }>,
) => {
  for (const stack of stacks)
    for (const [name, output] of Object.entries(stack.template.Outputs)) {
      const { stackName } = stack.deployment;
      const found =
        reference.kind === 'export'
          ? output.Export?.Name === reference.name
          : stackName === reference.stackName && name === reference.output;
      if (found) return { stack, name };
    }
  return undefined;
};

const namesInPolicies = (
  { template }: AssemblyStack,
  own: ReadonlyMap<string, unknown> = new Map(),
): readonly string[] => [
  ...new Set(
    [...own.keys()]
      .flatMap((logicalId) => template.Resources[logicalId] ?? [])
      .filter(({ Type }) => Type.startsWith('AWS::IAM::'))
      .flatMap(({ Properties }) => tableNamesIn(Properties)),
  ),
];

/** Tables with a name of their own, by which code may know them; one for each name. */
const tablesIn = (stacks: readonly AssemblyStack[]) => {
  const byName = new Map<
    string,
    { readonly stack: AssemblyStack; readonly logicalId: string; readonly name: string }
  >();
  for (const stack of stacks)
    for (const [logicalId, { Type, Properties }] of Object.entries(stack.template.Resources)) {
      const name = Properties['TableName'];
      if (
        !/^AWS::DynamoDB::(Global)?Table$/.test(Type) ||
        typeof name !== 'string' ||
        byName.has(name)
      )
        continue;
      byName.set(name, { stack, logicalId, name });
    }
  return [...byName.values()];
};

const leftOutOf = (
  stacks: readonly AssemblyStack[],
  main: AssemblyStack,
  kept: Selection['kept'],
): readonly string[] => {
  const unkept = Object.entries(main.template.Resources)
    .filter(([logicalId, { Type }]) => !kept.get(main)?.has(logicalId) && !isIgnored(Type))
    .map(([logicalId, { Type }]) => ({ construct: constructOf(main, logicalId), type: Type }));
  const resources = unkept
    // A bucket stands for its policy, a network for its routes.
    .filter(({ construct }) => !unkept.some((other) => isPartOf(construct, other.construct)))
    .map(({ construct, type }) => {
      const other = main.gatehouses.find((path) => isPartOf(construct, path));
      return other === undefined ? `${construct} (${type})` : `${other} (a Gatehouse of its own)`;
    });
  const others = stacks.filter((stack) => stack !== main);
  const named = others.map(
    (stack) => `${kept.has(stack) ? 'the rest of ' : ''}the stack ${stack.deployment.stackName}`,
  );
  return [...new Set([...resources, ...named])];
};

/** What belongs to another resource and does nothing by itself. */
const attached = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
]);

const isIgnored = (type: string): boolean => {
  if (attached.has(type)) return true;
  const known = Object.hasOwn(knownResources, type) ? knownResources[type] : undefined;
  return known !== undefined && 'reason' in known;
};
