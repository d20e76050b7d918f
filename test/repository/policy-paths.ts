import type { SourceFile } from './tracked-files.ts';

/** Comments and documentation may name a path. */
const isComment = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*)/.test(line);

/**
 * Lines of code in which a path of the policy is written again, alone (`'/token'`) or behind a
 * value (`${issuer}/token`), as `path:line: text`.
 */
export function repeatedPaths(
  files: readonly SourceFile[],
  endpointPaths: readonly string[],
): string[] {
  const alternatives = endpointPaths.map((path) => path.replaceAll('.', '\\.')).join('|');
  const written = new RegExp(`(?:['"\`]|\\})(?:${alternatives})(?=['"\`?#])`);
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => !isComment(line) && written.test(line))
      .map(({ line, number }) => `${path}:${number}: ${line.trim()}`),
  );
}
