import { sizes } from '../../policy/limits.ts';

// C0, DEL, C1; bidirectional marks, embeddings, overrides and isolates (they reorder what a reader
// sees); line and paragraph separators.
const controls = () => /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu;

/** Most texts are, and need no pattern of Unicode's properties: those are dear to compile. */
const plain = /^[ -~]*$/;

/** IN-3: text as it may be shown or logged: no control characters, trimmed, of bounded length. */
export const cleanText = (text: string, maximum: number = sizes.displayedCharacters): string => {
  const given = text.slice(0, maximum * 2);
  const cleaned = plain.test(given) ? given : given.replace(controls(), '').toWellFormed();
  return cleaned.trim().slice(0, maximum);
};
