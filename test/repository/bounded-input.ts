import type { SourceFile } from './tracked-files.ts';

/** The rooms that read what strangers and users send. */
const rooms =
  /^lambdas\/(?:authorization|authorizer|health|metadata|middleware|oauth|registration|token|mcp\/protocol)\//;

/** What these files read comes from our own services, whose responses have a length of their own. */
const trusted: Readonly<Record<string, string>> = {
  'lambdas/oauth/cognito.ts': 'Cognito’s response, cut at sizes.serviceAnswerBytes',
  'lambdas/oauth/encrypted-refresh-token.ts': 'authenticated by our own key',
  'lambdas/token/cognito-tokens.ts': 'Cognito’s response, cut at sizes.serviceAnswerBytes',
  'lambdas/mcp/protocol/completion.ts': 'z.array: what a completer of our own returned',
};

/**
 * Fields of strangers whose schema has no bound: `z.string()` and `z.array(…)` instead of `text` and
 * `list` of lambdas/http/bounded, as `path:line`.
 */
export function unboundedFields(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => rooms.test(path) && !(path in trusted))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          /\bz\s*\.(?:string|array|url|email|base64)\(/.test(line) ||
          /^\s*\.(?:string|array)\(/.test(line)
            ? [`${path}:${index + 1}`]
            : [],
        ),
    );
}

/** Entries of the list that name no file any more. */
export const unusedExceptions = (files: readonly SourceFile[]): string[] =>
  Object.keys(trusted).filter((path) => !files.some((file) => file.path === path));
