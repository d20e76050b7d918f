import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { InvalidParameters } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';
import { whenNeeded } from '../../http/when-needed.ts';
import type { AccessTable } from '../manifest/access.ts';
import type { Catalogue } from '../manifest/catalogue.ts';
import { decidingGroupsOf, isPermitted } from './access.ts';
import { type Method, parseParameters, type RequestContext } from './request-context.ts';
import { completed } from './response.ts';

const parameters = whenNeeded(() =>
  z.object({ cursor: z.optional(text(sizes.displayedCharacters)) }),
);

/**
 * One of the lists, as far as it is for the caller (AUTH-12): whole where it fits one page, else
 * page by page. Each page is written once for an era and the groups that decide: nothing in them
 * changes while the function lives.
 */
export const list =
  (name: keyof AccessTable): Method =>
  (context) => {
    const { cursor } = parseParameters(parameters(), context);
    const page = cursor === undefined ? 0 : pageOf(cursor, name);
    const { pages } = context.registry;
    const key = `${name} ${context.era} ${page} ${decidingGroupsOf(context)}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const all = pagesOf(name, context);
    const rows = all[page];
    if (rows === undefined) throw invalidCursor();
    const isLast = page + 1 === all.length;
    const json = completed(
      { [name]: rows, ...(!isLast && { nextCursor: cursorOf(page + 1, name) }) },
      context,
      'cacheable',
    );
    // People of ever other groups must not fill the memory.
    if (pages.size >= sizes.rememberedLists) pages.clear();
    pages.set(key, json);
    return json;
  };

/** At least one page, and at least one entry on each page of several. */
const pagesOf = (
  name: keyof AccessTable,
  context: RequestContext,
): readonly (readonly object[])[] => {
  const pages: object[][] = [[]];
  let bytes = 0;
  const { catalogue } = context.registry;
  const rows = catalogue[name].filter((row) => isPermitted(name, keyOf(row), context));
  for (const row of rows) {
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

/** What a request would name it by. */
const keyOf = (row: Catalogue[keyof AccessTable][number]): string => {
  if ('uriTemplate' in row) return row.uriTemplate;
  return 'uri' in row ? row.uri : row.name;
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
