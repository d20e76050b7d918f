import * as z from 'zod';
import { UserError } from '../lib/user-error.ts';

/** https://spec.openapis.org/oas/v3.1.0#schema-object, as far as it has a plain form in zod. */
const schema = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).min(1).optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Schema = z.infer<typeof schema>;

/** How deep a schema may be: one that names itself never ends. */
const deepest = 8;

/**
 * A schema as the source of zod/mini. What has no plain form there (unions, patterns of its own) is
 * refused by name, for a person to write.
 * @throws UserError
 */
export const zodSource = (
  given: unknown,
  {
    description,
    check,
  }: { readonly description?: string | undefined; readonly check?: string } = {},
  depth = 0,
): string => {
  if (depth > deepest) throw new UserError('a schema is too deep, or names itself');
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new UserError('a schema is not one that can be written in zod');
  const { data } = parsed;
  const checks = [
    ...checksOf(data),
    ...(check === undefined ? [] : [check]),
    // The last: each check makes a new schema, and the description belongs to one.
    ...describing(description ?? data.description),
  ];
  const source = typeSource(data, depth);
  return checks.length === 0 ? source : `${source}.check(${checks.join(', ')})`;
};

const describing = (description: string | undefined): string[] =>
  description === undefined ? [] : [`z.describe(${JSON.stringify(description)})`];

const checksOf = ({ type, minLength, maxLength, minimum, maximum }: Schema): string[] => {
  const number = type === 'integer' || type === 'number';
  return [
    ...(type === 'string' && minLength !== undefined ? [`z.minLength(${minLength})`] : []),
    ...(type === 'string' && maxLength !== undefined ? [`z.maxLength(${maxLength})`] : []),
    ...(number && minimum !== undefined ? [`z.minimum(${minimum})`] : []),
    ...(number && maximum !== undefined ? [`z.maximum(${maximum})`] : []),
  ];
};

const typeSource = (given: Schema, depth: number): string => {
  if (given.enum !== undefined) return `z.enum(${JSON.stringify(given.enum)})`;
  switch (given.type) {
    case 'string':
      return 'z.string()';
    case 'integer':
      return 'z.int()';
    case 'number':
      return 'z.number()';
    case 'boolean':
      return 'z.boolean()';
    case 'array':
      return `z.array(${zodSource(given.items, {}, depth + 1)})`;
    case 'object':
      return objectSource(given, depth);
    default:
      throw new UserError(`a schema of the type ${given.type ?? 'none'} has to be written by hand`);
  }
};

const objectSource = ({ properties, required }: Schema, depth: number): string => {
  const members = Object.entries(properties).map(([name, each]) => {
    const source = zodSource(each, {}, depth + 1);
    return `${JSON.stringify(name)}: ${required.includes(name) ? source : `z.optional(${source})`}`;
  });
  return `z.object({ ${members.join(', ')} })`;
};
