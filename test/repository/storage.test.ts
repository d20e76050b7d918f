import { approvalItem } from '../../lambdas/store/approvals.ts';
import { clientItem } from '../../lambdas/store/clients.ts';
import { codeItem } from '../../lambdas/store/codes.ts';
import { documentFetchesItem } from '../../lambdas/store/document-fetches.ts';
import { documentItem } from '../../lambdas/store/documents.ts';
import { transactionItem } from '../../lambdas/store/transactions.ts';
import { userItem } from '../../lambdas/store/users.ts';
import { filesUnder } from './tracked-files.ts';

const items = {
  approval: approvalItem,
  client: clientItem,
  code: codeItem,
  document: documentItem,
  fetches: documentFetchesItem,
  transaction: transactionItem,
  user: userItem,
};

/** A heading `kind#…` and the first column of the table below it. */
const documented = (text: string): Record<string, string[]> =>
  Object.fromEntries(
    text
      .split(/^## `(?=\w+#)/m)
      .slice(1)
      .map((section) => [
        /^\w+/.exec(section)?.[0] ?? '',
        Array.from(section.matchAll(/^\| (`.+?) \|/gm), ([, cell = '']) =>
          Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
        ).flat(),
      ]),
  );

/** Attributes whose names are made of a fixed part and a number or an id. */
const isFixed = (name: string): boolean => /^\w+$/.test(name);

describe('docs/storage.md', () => {
  const [page] = filesUnder('docs/storage.md');
  const found = documented(page?.text ?? '');

  test('describes each kind of item that the store room has a key for', () => {
    const kinds = filesUnder('lambdas/store').flatMap(({ text }) =>
      Array.from(text.matchAll(/[`'](\w+)#(?:\$\{|')/g), ([, kind]) => kind),
    );
    expect(Object.keys(found).sort()).toEqual(Object.keys(items));
    expect(kinds.sort()).toEqual(Object.keys(items));
  });

  test.each(Object.entries(items))('lists the attributes of %s items', (kind, item) => {
    expect((found[kind] ?? []).filter(isFixed).sort()).toEqual(Object.keys(item.shape).sort());
  });

  test.each(Object.keys(items))(
    'says who writes and reads %s items, and what they are worth',
    (kind) => {
      const section = page?.text.split(`## \`${kind}#`)[1]?.split('\n## ')[0] ?? '';
      for (const word of ['**Lives**', '**Written by**', '**To a thief who reads it**'])
        expect(section).toContain(word);
      expect(section.toLowerCase()).toContain('**read by**');
    },
  );
});
