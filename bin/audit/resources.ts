import type { DeployedTemplate } from '../synthesis/deployed-template.ts';

export type Resources = DeployedTemplate['resources'];

export type Properties = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const recordIn = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
};

export const listIn = (value: unknown, key: string): readonly unknown[] => {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
};

/** The resources of a type, with their logical ids. */
export const ofType = (
  resources: Resources,
  type: string,
): readonly (readonly [id: string, properties: Properties])[] =>
  Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties: properties }]) => [id, properties]);

/** The functions of ours by their names in policy/functions: several of a name where a stack has several Gatehouses. */
export const functionsOf = (
  resources: Resources,
): readonly (readonly [name: string, id: string, properties: Properties])[] =>
  ofType(resources, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
    const [, name] = /^Gatehouse ([a-z-]+)$/.exec(String(properties['Description'])) ?? [];
    return name === undefined ? [] : [[name, id, properties] as const];
  });

/** The logical ids that a value refers to. */
export const referencesIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref' && typeof member === 'string') return [member];
    if (key === 'Fn::GetAtt' && Array.isArray(member)) return [String(member[0])];
    return referencesIn(member);
  });
};

/** The names of the functions of ours that a value leads to, by an alias too. */
export const functionsBehind = (value: unknown, resources: Resources): readonly string[] => {
  const names = new Map(functionsOf(resources).map(([name, id]) => [id, name]));
  return referencesIn(value).flatMap((id) => {
    const alias = resources[id]?.Type === 'AWS::Lambda::Alias' ? resources[id].Properties : {};
    return [id, ...referencesIn(alias['FunctionName'])].flatMap((each) => names.get(each) ?? []);
  });
};

/** A statement of what a role may do, or may not. */
export type Statement = Readonly<Record<string, unknown>>;

const attachedTypes = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

/** What is said of a role in the template, beside it and in the role itself. */
export const statementsOf = (
  resources: Resources,
  roles: readonly string[],
): readonly Statement[] => {
  const attached = attachedTypes
    .flatMap((type) => ofType(resources, type))
    .filter(([, { Roles, RoleName }]) =>
      referencesIn([Roles, RoleName]).some((role) => roles.includes(role)),
    )
    .map(([, { PolicyDocument }]) => PolicyDocument);
  const own = roles.flatMap((role) =>
    listIn(resources[role]?.Properties, 'Policies').map((policy) =>
      recordIn(policy, 'PolicyDocument'),
    ),
  );
  return [...attached, ...own].flatMap((document) =>
    isRecord(document) ? [document['Statement']].flat().filter(isRecord) : [],
  );
};

/** Policies that somebody else wrote, and that the template names alone. */
export const foreignPoliciesOf = (
  resources: Resources,
  roles: readonly string[],
): readonly unknown[] =>
  roles.flatMap((role) => listIn(resources[role]?.Properties, 'ManagedPolicyArns'));
