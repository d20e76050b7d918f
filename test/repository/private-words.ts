import type { SourceFile } from './tracked-files.ts';

interface PrivateWord {
  readonly word: RegExp;
  /** The field's word for it. */
  readonly instead: string;
}

/**
 * Words that meant something in this repository only. A reader who knows OAuth, MCP, Middy and CDK
 * meets the field's word instead.
 */
export const privateWords: readonly PrivateWord[] = [
  { word: /\bplay(?:s|ed|ing)?\b/i, instead: 'emulates' },
  { word: /\blaptops?\b/i, instead: 'local runtime, or computer' },
  { word: /\b(?:OAuth|the) front\b|\bfront(?:Driver|-driver)\b/i, instead: 'authorization server' },
  { word: /\btakeApart\b/, instead: 'decodeJwt' },
  { word: /\b(?:flawOf|faultOf)\b/, instead: 'validate…' },
  { word: /\blately\b/, instead: 'allowStale' },
  { word: /\bRefusal\b/, instead: 'HTTP error' },
  { word: /\b(?:Spoken|Turn|Offer|Brought)\b/, instead: 'the protocol’s or the request’s word' },
  { word: /\b[Ss]eal(?:s|ed|ing)?\b/, instead: 'encrypt' },
  { word: /\bMistake\b/, instead: 'user error' },
];

/** Each line that holds a private word, as `path:line: word -> the field's word`. */
export function privateWordsIn(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      privateWords.flatMap(({ word, instead }) => {
        const [found] = word.exec(line) ?? [];
        return found === undefined ? [] : [`${path}:${index + 1}: ${found} -> ${instead}`];
      }),
    ),
  );
}
