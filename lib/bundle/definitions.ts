import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const definitionFolders = ['tools', 'prompts', 'resources'] as const;

/** Declarations lie beside compiled definitions. */
const definitionFile = /(?<!\.d)\.ts$|\.m?js$/;

/** A server may have tools alone. */
const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/**
 * The definitions by folder: every file of it, sorted by name, with the name that the composed
 * entries import it under.
 */
export const definitionsIn = (root: string) =>
  definitionFolders.map((folder) => ({
    folder,
    files: filesIn(join(root, folder))
      .filter((file) => definitionFile.test(file))
      .sort()
      .map((file, index) => ({
        file,
        name: `${folder}${index}`,
        path: JSON.stringify(join(root, folder, file)),
      })),
  }));

export type Definitions = ReturnType<typeof definitionsIn>;

/** Whose tools these are, where a file says it (`server.ts`). */
export const serverIn = (root: string) =>
  filesIn(root).find((file) => /^server\.(ts|m?js)$/.test(file));
