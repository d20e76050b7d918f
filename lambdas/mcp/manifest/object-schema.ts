import * as z from 'zod';

/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a tool's arguments or result. At its root it says `type: object`, as every
 * revision asks: the official client refuses the whole list of tools for one that does not. zod says
 * nothing there for unions and intersections, so it is added where every part is an object.
 * @throws Error that says what is wrong, where a value need not be an object
 */
export const objectSchema = (schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema => {
  const written = z.toJSONSchema(schema, { io });
  if (written['type'] === 'object') return written;
  if (!isObject(written, written))
    throw new Error(
      `its ${io} must be an object, or a union of objects: clients take nothing else`,
    );
  const { $schema, ...rest } = written;
  return { $schema, type: 'object', ...rest };
};

/** Whether each value that the schema takes is an object. */
const isObject = (part: unknown, root: JsonSchema): boolean => {
  if (typeof part !== 'object' || part === null) return false;
  const { type, oneOf, anyOf, allOf, $ref: reference }: Record<string, unknown> = { ...part };
  if (type !== undefined) return type === 'object';
  const union = oneOf ?? anyOf;
  if (Array.isArray(union)) return union.every((each) => isObject(each, root));
  if (Array.isArray(allOf)) return allOf.some((each) => isObject(each, root));
  const name = typeof reference === 'string' ? /^#\/\$defs\/(.+)$/.exec(reference)?.[1] : undefined;
  const { $defs: definitions }: Record<string, unknown> = root;
  return (
    name !== undefined &&
    isObject(Object.getOwnPropertyDescriptor(definitions ?? {}, name)?.value, root)
  );
};
