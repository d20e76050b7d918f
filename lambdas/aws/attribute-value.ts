import * as z from 'zod/mini';

/** What an item may hold: what our items need, and no more. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value };
export type Item = Readonly<Record<string, Value>>;

/**
 * DynamoDB's wire form of a value (API reference, "AttributeValue"). Binary and set types are not
 * ours.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value of one attribute on the wire. By hand, and not by a union of schemas: every call reads
 * an item, and a union makes a list of errors for each form that an attribute has not.
 * @throws TypeError for what is no attribute
 */
const readValue = (attribute: unknown): Value => {
  const type = isObject(attribute) ? onlyMember(attribute) : undefined;
  const value = isObject(attribute) && type !== undefined ? attribute[type] : undefined;
  if (type === 'S' && typeof value === 'string') return value;
  if (type === 'N' && typeof value === 'string') return Number(value);
  if (type === 'BOOL' && typeof value === 'boolean') return value;
  if (type === 'NULL' && value === true) return null;
  if (type === 'L' && Array.isArray(value)) return value.map(readValue);
  if (type === 'M' && isObject(value)) return itemOf(value);
  throw new TypeError('no attribute of DynamoDB');
};

const onlyMember = (members: object): string | undefined => {
  let only: string | undefined;
  for (const name in members) {
    if (only !== undefined) return undefined;
    only = name;
  }
  return only;
};

/** In place: what was just parsed is nobody else's, and every call reads an item. */
const itemOf = (members: Members): Item => {
  readMembers(members);
  return members;
};

function readMembers(members: Members): asserts members is Record<string, Value> {
  for (const name in members) members[name] = readValue(members[name]);
}

/**
 * An item as DynamoDB sends it, read.
 * @throws TypeError for what is no item
 */
const readItem = (wire: unknown): Item => {
  if (!isObject(wire)) throw new TypeError('no item of DynamoDB');
  return itemOf(wire);
};

/**
 * The item of a response, where it has one.
 * @throws TypeError for what is no response or no item
 */
export const readMember = (response: unknown, name: string): Item | undefined => {
  if (!isObject(response)) throw new TypeError('no response of DynamoDB');
  return response[name] === undefined ? undefined : readItem(response[name]);
};

/** An item as a schema, for responses that are read by one. */
export const wireItem = z.pipe(
  z.unknown(),
  z.transform((wire, context): Item => {
    try {
      return readItem(wire);
    } catch {
      context.issues.push({ code: 'custom', message: 'no item of DynamoDB', input: wire });
      return z.NEVER;
    }
  }),
);

export const toAttribute = (value: Value): AttributeValue => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value) };
};

// `Array.isArray` does not narrow a readonly array out of a union.
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const toAttributes = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttribute(value)]));
