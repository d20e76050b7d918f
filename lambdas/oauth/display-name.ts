import { sizes } from '../../policy/limits.ts';

/**
 * A name that a client chose, made safe to show (IN-3): no control, format or bidirectional
 * characters that hide or reorder text, none that show nothing, no line breaks, one space between
 * words, cut to what fits. Only the beginning is read at all: normalizing sorts a run of combining
 * marks in quadratic time, so the cut comes first.
 */
export const displayName = (name: string): string => {
  const words = name.slice(0, sizes.clientNameReadCharacters).replace(/[\p{Z}\s\u2800]/gu, ' ');
  const visible = words
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/ +/g, ' ');
  return [...visible.normalize('NFC').trim()].slice(0, sizes.clientNameCharacters).join('').trim();
};
