import * as z from 'zod';

/** Decodes what is validly encoded and leaves the rest, as AWS WAF does. */
const urlDecode = (text: string): string =>
  Buffer.from(text.replaceAll('+', ' '), 'latin1')
    .toString('latin1')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

/** Removes `//`, `./` and `x/../`. */
const normalizePath = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  const last = path.split('/').at(-1) ?? '';
  const trailing = kept.length > 0 && ['', '.', '..'].includes(last) ? '/' : '';
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}${trailing}`;
};

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html */
const transformations = {
  NONE: (text: string) => text,
  LOWERCASE: (text: string) => text.toLowerCase(),
  URL_DECODE: urlDecode,
  NORMALIZE_PATH: normalizePath,
  COMPRESS_WHITE_SPACE: (text: string) => text.replaceAll(/\s+/g, ' '),
  REMOVE_NULLS: (text: string) => text.replaceAll('\0', ''),
} as const;

export const textTransformations = z
  .array(
    z.strictObject({
      Priority: z.int(),
      Type: z.enum([
        'NONE',
        'LOWERCASE',
        'URL_DECODE',
        'NORMALIZE_PATH',
        'COMPRESS_WHITE_SPACE',
        'REMOVE_NULLS',
      ]),
    }),
  )
  .min(1)
  .transform((list) => list.toSorted((a, b) => a.Priority - b.Priority).map(({ Type }) => Type));

export type TextTransformations = z.infer<typeof textTransformations>;

export const transform = (text: string, list: TextTransformations): string =>
  list.reduce((current, type) => transformations[type](current), text);
