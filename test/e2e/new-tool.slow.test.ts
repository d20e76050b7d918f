import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type OAuthDiscoveryState, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { Browser } from './browser/browser-walk.ts';
import { fetchFrom } from './browser/request-from.ts';
import { MemoryProvider } from './clients/memory-provider.ts';
import { startRedirectListener } from './clients/redirect-listener.ts';
import { freshAddress } from './laptop/send.ts';
import { copyOfRepository } from './new-tool/copy.ts';
import { typed } from './new-tool/shell.ts';

/** What is promised: from nothing to a call. */
const promisedMilliseconds = 180_000;
const password = 'From-nothing-2-a-call';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The commands of the guide, as they stand there. */
const commands = (/## From nothing to a call\n```bash\n([\s\S]+?)```/.exec(read('docs/tools.md'))?.[1] ?? '')
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** A whole login by the official client, then a call. */
const callAsPerson = async (mcpUrl: string, name: string, argument: Record<string, unknown>) => {
  const listener = await startRedirectListener('127.0.0.1');
  try {
    const address = freshAddress();
    const browser = new Browser({ person: { email: 'dev@example.com', password }, address });
    let discovery: OAuthDiscoveryState | undefined;
    const authProvider = Object.assign(new MemoryProvider('First call', { mcpUrl, browser, address, home: '' }, listener.redirectUrl), {
      discoveryState: () => discovery,
      saveDiscoveryState: (state: OAuthDiscoveryState) => {
        discovery = state;
      },
    });
    const connect = async (): Promise<Client | undefined> => {
      const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider, fetch: fetchFrom(address) });
      const client = new Client({ name: 'first-call', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
      try {
        await client.connect(transport);
        return client;
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await transport.finishAuth(authProvider.response);
        return undefined;
      }
    };
    const client = (await connect()) ?? (await connect());
    if (client === undefined) throw new Error('The client was not let in after the login.');
    const { tools } = await client.listTools();
    const result = await client.callTool({ name, arguments: argument });
    await client.close();
    return { tools: tools.map((tool) => tool.name), result };
  } finally {
    await listener.stop();
  }
};

describe('the guide to the first tool', () => {
  it('has three commands, the first of which the README names too', () => {
    expect(commands).toEqual(['npm run new:tool -- list_orders', 'npm run test:unit -- list-orders', 'npm start']);
    expect(read('README.md')).toContain(commands[0]);
  });

  it(
    'leads from nothing to a call by a real client in under three minutes',
    async () => {
      const [make = '', test = '', start = ''] = commands;
      const { folder, remove } = copyOfRepository();
      const startedAt = performance.now();
      const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
      const took: string[] = [];
      try {
        expect(await typed(make, folder).ended).toContain('wrote lambdas/mcp/tools/list-orders.ts');
        took.push(`written after ${seconds()} s`);

        const tested = await typed(test, folder).ended;
        expect(tested).toMatch(/PASS unit test\/lambdas\/mcp\/tools\/list-orders\.test\.ts/);
        // Its own test and no other.
        expect(tested).toMatch(/Test Suites: 1 passed, 1 total/);
        took.push(`tested after ${seconds()} s`);

        const laptop = typed(start, folder, { PORT: '0', GATEHOUSE_DEV_PASSWORD: password });
        try {
          const [, mcpUrl = ''] = await laptop.saying(/Gatehouse is ready: (\S+)/);
          took.push(`serving after ${seconds()} s`);
          const { tools, result } = await callAsPerson(mcpUrl, 'list_orders', { who: 'Ada' });
          took.push(`called after ${seconds()} s`);
          expect(tools).toContain('list_orders');
          expect(result).toMatchObject({ structuredContent: { greeting: expect.stringMatching(/^Hello Ada, says .+\.$/) } });
        } finally {
          await laptop.stop();
        }
        const milliseconds = performance.now() - startedAt;
        console.log(`From nothing to a call: ${took.join(', ')}`);
        expect(milliseconds).toBeLessThan(promisedMilliseconds);
      } finally {
        remove();
      }
    },
    // Time to say by how much it was missed.
    2 * promisedMilliseconds,
  );
});
