import { sizes } from '../../policy/limits.ts';

/**
 * A name that a client chose, made safe to show (IN-3): no control, format or bidirectional characters that hide or reorder text,
 * no line breaks, one space between words, cut to what fits on the consent page.
 */
export const displayName = (name: string): string => {
  const words = name.normalize('NFC').replace(/[\p{Z}\s]+/gu, ' ');
  const visible = words.replace(/[\p{C}\u115f\u1160\u3164\uffa0]/gu, '').replace(/ +/g, ' ');
  return [...visible.trim()].slice(0, sizes.clientNameCharacters).join('').trim();
};
