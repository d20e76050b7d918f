import type { SourceFile } from './tracked-files.ts';

interface PrivateWord {
  readonly word: RegExp;
  /** The field's word for it. */
  readonly instead: string;
}

/**
 * Words that meant something in this repository only. A reader who knows OAuth, MCP, Middy and CDK
 * meets the field's word instead. They are refused in code, comments and prose alike.
 */
const words: readonly PrivateWord[] = [
  { word: /\bplay(?:s|ed|ing)?\b/i, instead: 'emulates' },
  { word: /\blaptops?\b/i, instead: 'local runtime, or computer' },
  {
    word: /\b(?:OAuth|the) front\b(?! of)|\bfront(?:Driver|-driver)\b/i,
    instead: 'authorization server',
  },
  { word: /\bstand-ins?\b/i, instead: 'emulation, or fake' },
  { word: /\btakeApart\b/, instead: 'decodeJwt' },
  { word: /\b(?:flawOf|faultOf)\b/, instead: 'validate…' },
  { word: /\blately\b/, instead: 'allowStale, recently' },
  { word: /\b[Ss]eal(?:s|ed|ing)?\b/, instead: 'encrypt' },
];

/** Names that no declaration takes; as words of a sentence they may be right. */
const names: readonly PrivateWord[] = [
  { word: named('answers?|Answer|reply|Reply|rendered|Rendered'), instead: 'response' },
  { word: named('[Rr]efusals?'), instead: 'error, or HttpError' },
  { word: named('asked'), instead: 'request' },
  { word: named('[Cc]ircumstances'), instead: 'error details' },
  { word: named('[Tt]urn|[Ee]xchange|[Ss]poken'), instead: 'request context, negotiation' },
  { word: named('[Oo]ffer|[Bb]rought|[Kk]ind'), instead: 'registry, input, or what it is' },
  { word: named('[Qq]uestion|Rules|[Mm]istake|Place|May|Act|Ask|Guard'), instead: 'its own noun' },
];

/** A declaration of this name: a constant, a function, a type or an alias of an import. */
function named(name: string): RegExp {
  return new RegExp(`\\b(?:const|let|function|class|interface|type|as) (?:${name})\\b`);
}

/** Each line that holds a private word, as `path:line: word -> the field's word`. */
export function privateWordsIn(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const refused = /\.(?:ts|mjs|cjs)$/.test(path) ? [...words, ...names] : words;
    return text.split('\n').flatMap((line, index) =>
      refused.flatMap(({ word, instead }) => {
        const [found] = word.exec(line) ?? [];
        return found === undefined ? [] : [`${path}:${index + 1}: ${found} -> ${instead}`];
      }),
    );
  });
}
