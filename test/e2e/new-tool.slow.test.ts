import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAsPerson } from './clients/call-as-person.ts';
import { copyOfRepository } from './new-tool/copy.ts';
import { typed } from './new-tool/shell.ts';

const person = { email: 'dev@example.com', password: 'From-nothing-2-a-call' };

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The commands of the guide, as they stand there. */
const commands = (
  /## From nothing to a call\n```bash\n([\s\S]+?)```/.exec(read('docs/tools.md'))?.[1] ?? ''
)
  .split('\n')
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

describe('the guide to the first tool', () => {
  it('has three commands, the first of which the README names too', () => {
    expect(commands).toEqual([
      'npx gatehouse new-tool list_orders',
      'npm run test:unit -- list-orders',
      'npm start',
    ]);
    expect(read('README.md')).toContain(commands[0]);
  });

  it('leads from nothing to a call by a real client', async () => {
    const [make = '', test = '', start = ''] = commands;
    const { folder, remove } = copyOfRepository();
    const startedAt = performance.now();
    const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
    const took: string[] = [];
    try {
      expect(await typed(make, folder).ended).toContain(
        'wrote lambdas/mcp/default-server/tools/list-orders.ts',
      );
      took.push(`written after ${seconds()} s`);

      const tested = await typed(test, folder).ended;
      expect(tested).toMatch(
        /PASS unit test\/lambdas\/mcp\/default-server\/tools\/list-orders\.test\.ts/,
      );
      // Its own test and no other.
      expect(tested).toMatch(/Test Suites: 1 passed, 1 total/);
      took.push(`tested after ${seconds()} s`);

      const running = typed(start, folder, {
        PORT: '0',
        GATEHOUSE_DEV_PASSWORD: person.password,
      });
      try {
        const [, mcpUrl = ''] = await running.saying(/Gatehouse is ready: (\S+)/);
        took.push(`serving after ${seconds()} s`);
        const { tools, results } = await callAsPerson(mcpUrl, person, [
          ['list_orders', { who: 'Ada' }],
        ]);
        took.push(`called after ${seconds()} s`);
        expect(tools).toContain('list_orders');
        expect(results).toMatchObject([
          { structuredContent: { greeting: expect.stringMatching(/^Hello Ada, says .+\.$/) } },
        ]);
      } finally {
        await running.stop();
      }
      console.log(`From nothing to a call: ${took.join(', ')}`);
    } finally {
      remove();
    }
  });
});
