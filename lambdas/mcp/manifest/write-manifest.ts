import { writeSync } from 'node:fs';
import type { DefinitionFile, DefinitionFiles, DefinitionFolder } from './definition-check.ts';
import { DefinitionError } from './definition-error.ts';
import { importFault, watchMissingVariables } from './import-fault.ts';
import { manifestOf, type StackRules } from './manifest.ts';

/** A file of a folder, and what imports it. */
type DefinitionImport = readonly [file: string, load: () => Promise<unknown>];

/** All files of one server, none of which is imported yet. */
export interface DefinitionImports
  extends Readonly<Record<DefinitionFolder, readonly DefinitionImport[]>> {
  readonly server?: readonly DefinitionImport[];
}

/**
 * The build's entry, never part of a deployed bundle: imports the definitions one after the other
 * and says on file descriptor 3 what became of it, a line of JSON each. Standard output belongs to
 * the definitions, which may write to it.
 *
 * - `{ importing }` before each file, so that the build can name one that never ends;
 * - `{ manifest }`, or `{ faults }`: a line each, with file, reason and fix.
 *
 * @param root the folder of the definitions: places in messages are relative to it
 * @param rules what the stack says about them
 */
export const writeManifest = async (
  root: string,
  imports: DefinitionImports,
  rules: StackRules,
): Promise<void> => {
  const importer = new Importer(root);
  // What a file started and did not wait for, such as a promise that is rejected.
  process.on('uncaughtException', (error) => {
    say({ faults: [importer.failureMessage(error)] });
    process.exit(1);
  });
  const files = await importer.all(imports);
  const result = check(files, rules, importer.faults);
  say(result);
  // A timer or a connection that a file opened must not keep the build waiting.
  process.exit('faults' in result ? 1 : 0);
};

const check = (
  files: DefinitionFiles,
  rules: StackRules,
  importFaults: readonly string[],
): object => {
  try {
    const manifest = manifestOf(files, rules);
    return importFaults.length > 0 ? { faults: importFaults } : { manifest };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return { faults: [...importFaults, ...error.message.split('\n')] };
  }
};

/** Synchronously: the process may end at any moment. */
const say = (message: object): void => {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < line.length; ) written += writeSync(3, line, written);
};

/** Imports files, and remembers which one is to blame for what happens. */
class Importer {
  readonly faults: string[] = [];
  readonly #root: string;
  readonly #missing = watchMissingVariables();
  #current = '';

  constructor(root: string) {
    this.#root = root;
  }

  async all({ server, tools, prompts, resources }: DefinitionImports): Promise<DefinitionFiles> {
    const [described] = server === undefined ? [] : await this.#folder('', server);
    return {
      server: described?.[1],
      tools: await this.#folder('tools/', tools),
      prompts: await this.#folder('prompts/', prompts),
      resources: await this.#folder('resources/', resources),
    };
  }

  failureMessage(error: unknown): string {
    return `${this.#current}: ${importFault(error, this.#root, this.#missing.names(error))}`;
  }

  /** Those that can be imported; the others are in `faults`. */
  async #folder(
    folder: string,
    imports: readonly DefinitionImport[],
  ): Promise<readonly DefinitionFile[]> {
    const files: DefinitionFile[] = [];
    // One after the other, or nobody could tell which one is to blame.
    for (const [file, load] of imports) {
      this.#current = `${folder}${file}`;
      this.#missing.forget();
      say({ importing: this.#current });
      try {
        files.push([file, await load()]);
      } catch (error) {
        this.faults.push(this.failureMessage(error));
      }
    }
    return files;
  }
}
