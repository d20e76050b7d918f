import { DefinitionError, type DefinitionFiles } from './definition-check.ts';
import { manifestOf } from './manifest.ts';

/**
 * The build's entry: prints the manifest as one line of JSON, or what is wrong with the definitions
 * (a line each: file and reason) and exits with 1. Never part of a deployed bundle.
 */
export const printManifest = (files: DefinitionFiles): void => {
  try {
    process.stdout.write(`${JSON.stringify(manifestOf(files))}\n`);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
};
