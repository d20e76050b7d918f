const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/**
 * Whether JSON text nests arrays and objects deeper than `depth`: a scan, so that nothing is built
 * of a hostile body.
 */
export const isTooDeep = (text: string, depth: number): boolean => {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      for (at++; at < text.length && text.charCodeAt(at) !== quote; at++)
        if (text.charCodeAt(at) === backslash) at++;
    } else if (character === openBrace || character === openBracket) {
      if (++open > depth) return true;
    } else if (character === closeBrace || character === closeBracket) open--;
  }
  return false;
};
