import { pageSize } from '../../../policy/mcp-methods.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import type { Spoken } from './era.ts';
import { completed, type Json } from './response.ts';

/** One page of a list. @throws InvalidParameters for a cursor that is not ours */
export type List = (cursor: string | undefined, era: Spoken['era']) => Json;

/** Pages are written once an era: their entries never change while the function lives. */
export const listOf = (name: string, entries: readonly object[]): List => {
  const pages = Math.max(1, Math.ceil(entries.length / pageSize));
  const written = new Map<string, Json>();
  return (cursor, era) => {
    const page = cursor === undefined ? 0 : pageOf(cursor, name);
    if (page >= pages) throw new InvalidParameters({ message: 'The cursor is not valid.' });
    const known = written.get(`${era} ${page}`);
    if (known !== undefined) return known;
    const rows = entries.slice(page * pageSize, (page + 1) * pageSize);
    const json = completed({ [name]: rows, ...(page + 1 < pages && { nextCursor: cursorOf(page + 1, name) }) }, era, 'cacheable');
    written.set(`${era} ${page}`, json);
    return json;
  };
};

const cursorOf = (page: number, name: string): string => Buffer.from(`${name}:${page}`).toString('base64url');

const pageOf = (cursor: string, name: string): number => {
  const page = Number(
    Buffer.from(cursor, 'base64url')
      .toString()
      .slice(name.length + 1),
  );
  // Written as we write it, or not ours.
  if (!Number.isSafeInteger(page) || page < 1 || cursorOf(page, name) !== cursor) {
    throw new InvalidParameters({ message: 'The cursor is not valid.' });
  }
  return page;
};
