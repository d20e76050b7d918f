import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import type { Catalogue } from '../manifest/catalogue.ts';
import { type Method, parseParameters } from './request-context.ts';
import { completed } from './response.ts';

type ListName = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

const parameters = z.object({ cursor: z.optional(text(sizes.displayedCharacters)) });

/**
 * One of the lists: whole where it fits one page, else page by page. Each page is written once an
 * era: nothing in them changes while the function lives.
 */
export const list =
  (name: ListName): Method =>
  (context) => {
    const { cursor } = parseParameters(parameters, context);
    const page = cursor === undefined ? 0 : pageOf(cursor, name);
    const { catalogue, pages } = context.registry;
    const key = `${name} ${context.era} ${page}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const all = pagesOf(catalogue, name);
    const rows = all[page];
    if (rows === undefined) throw invalidCursor();
    const isLast = page + 1 === all.length;
    const json = completed(
      { [name]: rows, ...(!isLast && { nextCursor: cursorOf(page + 1, name) }) },
      context,
      'cacheable',
    );
    pages.set(key, json);
    return json;
  };

/** At least one page, and at least one entry on each page of several. */
const pagesOf = (catalogue: Catalogue, name: ListName): readonly (readonly object[])[] => {
  const pages: object[][] = [[]];
  let bytes = 0;
  for (const row of catalogue[name]) {
    const rowBytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes > 0 && bytes + rowBytes > catalogue.listPageBytes) {
      pages.push([]);
      bytes = 0;
    }
    pages.at(-1)?.push(row);
    bytes += rowBytes;
  }
  return pages;
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
