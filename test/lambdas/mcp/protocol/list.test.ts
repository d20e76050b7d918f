import { defineServer } from '../../../../lambdas/mcp/authoring/define-server.ts';
import { listPageBytes } from '../../../../policy/mcp-methods.ts';
import { serverOf } from '../exchange.ts';
import { echo } from '../fixtures.ts';

const tools = (count: number, description = 'Says it back.') =>
  Array.from({ length: count }, (_, index) => ({ ...echo, name: `tool-${index}`, description }));

const named = (listPageBytes: number) =>
  defineServer({ name: 'test', title: 'Test', version: '1.0.0', listPageBytes });

/** All pages of the list of tools. */
const pagesOf = async (server: ReturnType<typeof serverOf>): Promise<string[][]> => {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const { json } = await server.modern('tools/list', cursor === undefined ? {} : { cursor });
    pages.push(json.result.tools.map(({ name }: { name: string }) => name));
    cursor = json.result.nextCursor;
  } while (cursor !== undefined);
  return pages;
};

describe('lists', () => {
  it.each([1, 51, 1000])('of %i tools come whole, without a cursor', async (count) => {
    const pages = await pagesOf(serverOf({ tools: tools(count), prompts: [], resources: [] }));
    expect(pages.map(({ length }) => length)).toEqual([count]);
  });

  it('that do not fit come in pages, each tool once and in order', async () => {
    const server = serverOf({ tools: tools(12, 'x'.repeat(250_000)) });
    const pages = await pagesOf(server);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
    expect(pages.flat()).toEqual(tools(12).map(({ name }) => name));
    const { body } = await server.modern('tools/list');
    expect(body.length).toBeLessThan(listPageBytes + 1000);
  });

  it('have pages of the size that the server names, and at least one tool on each', async () => {
    const sizes = async (bytes: number) =>
      (await pagesOf(serverOf({ server: named(bytes), tools: tools(4) }))).map(
        ({ length }) => length,
      );
    expect(await sizes(1)).toEqual([1, 1, 1, 1]);
    expect(await sizes(100_000)).toEqual([4]);
  });

  it('do not tell clients the size', async () => {
    const server = serverOf({ server: named(1), tools: tools(2) });
    expect((await server.modern('server/discover')).body).not.toContain('listPageBytes');
  });

  it.each(['', 'x', 'dG9vbHM6OQ', 'cHJvbXB0czox', 'dG9vbHM6MQ=='])(
    'refuse the cursor "%s", which they did not give',
    async (cursor) => {
      const server = serverOf({ server: named(1), tools: tools(4) });
      expect((await server.modern('tools/list', { cursor })).json.error.code).toBe(-32_602);
    },
  );
});
