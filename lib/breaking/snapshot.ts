import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { ConfigurationError } from '../configuration.ts';
import { type Promises, promises } from './promises.ts';

const snapshot = z.strictObject({
  version: z.literal(1),
  /** By the paths of the constructs. */
  gatehouses: z.record(z.string(), promises),
});

type Gatehouses = Readonly<Record<string, Promises>>;

/** @throws ConfigurationError where the file is none of ours */
export const readSnapshot = (file: string): Gatehouses => {
  if (!existsSync(file)) return {};
  try {
    return snapshot.parse(JSON.parse(readFileSync(file, 'utf8'))).gatehouses;
  } catch {
    throw new ConfigurationError(
      `${file} is no snapshot that this version can read: take the one of the version control, or delete it and have it written anew.`,
    );
  }
};

/** Paths and names in order, one a line, so that a review sees what changes. */
export const writeSnapshot = (file: string, gatehouses: Gatehouses): void => {
  const inOrder = Object.fromEntries(
    Object.entries(gatehouses).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const text = `${JSON.stringify({ version: 1, gatehouses: inOrder }, null, 2)}\n`;
  // The same text again would only change the time of the file.
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text);
};
