import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a client program keeps in JSON files below its home. */
const jsonFiles = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));

/** MCP Inspector keeps JSON as text within JSON. */
const nested = (value: unknown): unknown => {
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

const replaceIn = (value: unknown, name: string, replacement: string): unknown => {
  const inner = nested(value);
  if (inner !== undefined) return JSON.stringify(replaceIn(inner, name, replacement));
  if (Array.isArray(value)) return value.map((element) => replaceIn(element, name, replacement));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === name && typeof member === 'string'
        ? replacement
        : replaceIn(member, name, replacement),
    ]),
  );
};

const findIn = (value: unknown, name: string): readonly string[] => {
  const held = nested(value) ?? value;
  if (typeof held !== 'object' || held === null) return [];
  return Object.entries(held).flatMap(([key, member]) =>
    key === name && typeof member === 'string' ? [member] : findIn(member, name),
  );
};

/** Every value that is kept under a name: `refresh_token`, `client_id`. */
export const kept = async (home: string, name: string): Promise<readonly string[]> => {
  const found = await Promise.all(
    (await jsonFiles(home)).map(async (path) =>
      findIn(JSON.parse(await readFile(path, 'utf8')), name),
    ),
  );
  return found.flat();
};

/**
 * Replaces every kept access token by one that no server takes, so that the program must refresh.
 * Throws when there is none.
 */
export const spoilKeptAccessTokens = async (home: string): Promise<void> => {
  if ((await kept(home, 'access_token')).length === 0)
    throw new Error(`The client keeps no access token below ${home}.`);
  for (const path of await jsonFiles(home)) {
    const before = await readFile(path, 'utf8');
    const after = replaceIn(JSON.parse(before), 'access_token', 'spoiled');
    await writeFile(path, JSON.stringify(after));
  }
};
