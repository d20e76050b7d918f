import * as z from 'zod/mini';

/**
 * Text of a stranger, at most so many UTF-16 code units long. The length is checked first, and a
 * longer one is looked at no further: whatever else a schema does to a string (patterns,
 * normalizing, sorting) costs no more than this length allows. Not by zod's `maxLength`: that
 * searches the whole text for surrogate pairs, to count characters.
 */
export const text = (maximum: number) =>
  z
    .string()
    .check(z.refine((given) => given.length <= maximum, { error: 'is too long', abort: true }));

/** A list of a stranger's. Its length is checked before any of its items is. */
export const list = <Item extends z.ZodMiniType>(item: Item, maximum: number) =>
  z.pipe(z.array(z.unknown()).check(z.maxLength(maximum, { abort: true })), z.array(item));
