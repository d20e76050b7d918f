import * as z from 'zod';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const schemas = new WeakMap<z.ZodType, Node>();

const schemaOf = (type: z.ZodType): Node => {
  const known = schemas.get(type) ?? z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  schemas.set(type, known);
  return known;
};

/** Every form that a value may have. */
const formsOf = (value: unknown, root: Node): readonly Node[] => {
  if (!isNode(value)) return [];
  const { $ref: reference, anyOf, oneOf, allOf } = value;
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return formsOf(isNode(root['$defs']) ? root['$defs'][name] : undefined, root);
  }
  const others = [anyOf, oneOf, allOf].flat().flatMap((each) => formsOf(each, root));
  return [value, ...others];
};

const membersOf = (form: Node, key: PropertyKey): readonly unknown[] => {
  const { properties, additionalProperties, items } = form;
  if (typeof key === 'number') return [items];
  const named = isNode(properties) ? properties[String(key)] : undefined;
  return [named ?? additionalProperties];
};

/** The keys that a schema takes at a place in a value; none where it takes any, or no object. */
export const keysAt = (type: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const root = schemaOf(type);
  const forms = path.reduce(
    (at, key) => at.flatMap((form) => membersOf(form, key).flatMap((each) => formsOf(each, root))),
    formsOf(root, root),
  );
  return forms.flatMap(({ properties }) => (isNode(properties) ? Object.keys(properties) : []));
};
