/**
 * Parses a JSON object that must mean one thing only: JSON.parse takes the last of two equal keys,
 * others the first, and a signature covers both readings.
 *
 * @returns undefined when the text is not JSON, not an object, or repeats a key at any depth
 */
export const parseStrictObject = (text: string): object | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !repeatsKey(text)
    ? value
    : undefined;
};

// A string and, when it is a key, the colon after it.
const string = /("(?:[^"\\]|\\.)*")(\s*:)?/y;

/** Whether an object in the text (valid JSON) has a key twice, however the key is escaped. */
const repeatsKey = (text: string): boolean => {
  const open: Set<unknown>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      string.lastIndex = at;
      const [whole = '"', literal = '""', colon] = string.exec(text) ?? [];
      at += whole.length - 1;
      if (!colon) continue;
      const key: unknown = JSON.parse(literal);
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
  }
  return false;
};
