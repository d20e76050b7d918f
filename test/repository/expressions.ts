import type { SourceFile } from './tracked-files.ts';

/** Where DynamoDB's parameters have their names: the two ways to the wire. */
const wire = new Set(['lambdas/aws/table.ts', 'bin/target/table.ts']);

const parameter = /\b(?:Update|Condition|KeyCondition|Projection|Filter)Expression\b/;
const clause =
  /['"`](?:SET|ADD|REMOVE|DELETE) [#:\w]|\b(?:attribute_(?:not_)?exists|attribute_type|begins_with|if_not_exists|list_append)\(|(?:<>|[<>=]=?) :\w+/;
const key = /[`'"]\w+#(?:\$\{|['"`])/;

/**
 * Lines outside lambdas/store that write a DynamoDB expression or the format of a key, as
 * `path:line`. Comments count too: a key's format is documented in docs/storage.md.
 */
export function strayExpressions(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !path.startsWith('lambdas/store/'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const isParameter = parameter.test(line) && !wire.has(path);
        return isParameter || clause.test(line) || key.test(line) ? [`${path}:${index + 1}`] : [];
      }),
    );
}
