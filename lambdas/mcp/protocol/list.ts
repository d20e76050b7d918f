import * as z from 'zod/mini';
import { pageSize } from '../../../policy/mcp-methods.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { type Method, parseParameters } from './request-context.ts';
import { completed } from './response.ts';

const parameters = z.object({ cursor: z.optional(z.string()) });

/**
 * One of the lists, page by page, each written once an era: nothing in them changes while the
 * function lives.
 */
export const list =
  (name: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'): Method =>
  (turn) => {
    const { cursor } = parseParameters(parameters, turn);
    const page = cursor === undefined ? 0 : pageOf(cursor, name);
    const { catalogue, pages } = turn.offer;
    const rows = catalogue[name].slice(page * pageSize, (page + 1) * pageSize);
    if (page > 0 && rows.length === 0) throw invalidCursor();
    const key = `${name} ${turn.era} ${page}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const isLast = (page + 1) * pageSize >= catalogue[name].length;
    const json = completed(
      { [name]: rows, ...(!isLast && { nextCursor: cursorOf(page + 1, name) }) },
      turn,
      'cacheable',
    );
    pages.set(key, json);
    return json;
  };

const cursorOf = (page: number, name: string): string =>
  Buffer.from(`${name}:${page}`).toString('base64url');

const pageOf = (cursor: string, name: string): number => {
  const page = Number(Buffer.from(cursor, 'base64url').subarray(name.length + 1));
  // Written as we write it, or not ours.
  if (!Number.isSafeInteger(page) || page < 1 || cursorOf(page, name) !== cursor)
    throw invalidCursor();
  return page;
};

const invalidCursor = () => new InvalidParameters({ message: 'The cursor is not valid.' });
