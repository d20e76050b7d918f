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

/** A function of ours by its name in policy/functions. */
export const functionsOf = (
  resources: Resources,
): ReadonlyMap<string, readonly [string, Properties]> =>
  new Map(
    ofType(resources, 'AWS::Lambda::Function').flatMap(([id, properties]) => {
      const [, name] = /^Gatehouse ([a-z-]+)$/.exec(String(properties['Description'])) ?? [];
      return name === undefined ? [] : [[name, [id, properties] as const]];
    }),
  );

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
