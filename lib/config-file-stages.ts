import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import * as z from 'zod';
import { ConfigurationError } from './configuration.ts';
import { UserError } from './user-error.ts';

const configFile = z.strictObject(
  {
    stages: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .refine((stages) => Object.keys(stages).length > 0, 'names no stage'),
  },
  {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys')
        return `has the key ${issue.keys?.map(String).join(', ')}; "stages" is its only one`;
      return issue.input === undefined ? 'there is no default export' : 'is no object';
    },
  },
);

/** What a stage says, by its name. */
export type Stages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Runs a configuration file.
 * @throws ConfigurationError when it cannot be read, or exports something else
 */
export const stagesIn = async (path: string): Promise<Stages> => {
  const name = basename(path);
  const imported = await importFile(path, name);
  const read = asOf(name, () => z.object({ default: configFile }).safeParse(imported));
  if (!read.success)
    throw new ConfigurationError(
      `${name} has to export default defineConfig({ stages: { prod: { … } } }):\n${z.prettifyError(read.error)}`,
    );
  return read.data.default.stages;
};

const importFile = async (path: string, name: string): Promise<unknown> => {
  const rejected = Promise.withResolvers<never>();
  // A promise that the file makes and does not wait for: Node tells of it after the import.
  process.on('unhandledRejection', rejected.reject);
  try {
    return await Promise.race([importSettled(path), rejected.promise]);
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    process.off('unhandledRejection', rejected.reject);
  }
};

const importSettled = async (path: string): Promise<unknown> => {
  const imported: unknown = await import(pathToFileURL(path).href);
  await setImmediate();
  return imported;
};

/**
 * Reads what the author of a configuration file wrote: a getter of it runs code of theirs, whenever
 * it is read.
 * @throws ConfigurationError in one line for whatever that code throws
 */
export const asOf = <Result>(name: string, read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(name, error);
  }
};

const unreadable = (name: string, error: unknown): ConfigurationError => {
  const [, line] = new RegExp(`/${name.replaceAll('.', '\\.')}:(\\d+)`).exec(stackOf(error)) ?? [];
  const place = line === undefined ? name : `${name}:${line}`;
  return new ConfigurationError(`${place} cannot be read: ${firstLine(reasonOf(error))}`, {
    cause: error,
  });
};

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? '') : '');

/** Anything can be thrown. */
const reasonOf = (error: unknown): string => {
  if (error instanceof Error) return error.message || error.name;
  return typeof error === 'string' ? error : inspect(error, { depth: 1, customInspect: false });
};

const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '') ?? 'it says no reason';
