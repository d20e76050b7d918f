import type { Value } from './templates.ts';

/** Something in a template that AWS would refuse. */
export interface Finding {
  readonly configuration: string;
  /** Of the resource. */
  readonly type: string;
  /** `LogicalId.Property.0.Name` */
  readonly at: string;
  readonly message: string;
}

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A call of one of CloudFormation's functions, if the value is one. */
export const intrinsic = (value: Value | undefined) => {
  if (!isObject(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0) return undefined;
  const [name, argument] = entry;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
};

/** The values at a path in which `*` is any element of a list, each with the path to it. */
export const valuesAt = (
  value: Value | undefined,
  path: string,
  at: string,
): readonly (readonly [string, Value])[] => {
  if (value === undefined) return [];
  if (path === '') return [[at, value]];
  const [step = '', ...rest] = path.split('.');
  const further = rest.join('.');
  if (step !== '*') return isObject(value) ? valuesAt(value[step], further, `${at}.${step}`) : [];
  if (!Array.isArray(value)) return [];
  return value.flatMap((each, index) => valuesAt(each, further, `${at}.${index}`));
};
