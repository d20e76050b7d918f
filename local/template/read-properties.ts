import * as z from 'zod';
import { StartupFailure } from '../failure.ts';

/**
 * Reads a resource's resolved properties by a schema of what is emulated. A property that is neither
 * in the schema nor in `ignored` (property -> why the local runtime can leave it out) is refused by name,
 * as is a value that cannot be emulated.
 */
export const readProperties = <Shape extends z.ZodRawShape>(
  logicalId: string,
  type: string,
  properties: unknown,
  schema: z.ZodObject<Shape>,
  ignored: Readonly<Record<string, string>>,
): z.output<z.ZodObject<Shape>> => {
  const given = z.record(z.string(), z.unknown()).parse(properties ?? {});
  const emulated = Object.fromEntries(
    Object.entries(given).filter(([name]) => !Object.hasOwn(ignored, name)),
  );
  const result = z.strictObject(schema.shape).safeParse(emulated);
  if (result.success) return result.data;
  throw new StartupFailure(
    `Resource ${logicalId} (${type}) has properties that the local runtime cannot emulate:\n${z.prettifyError(result.error)}`,
  );
};
