import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { startGatehouse } from '../../local/runtime.ts';
import { appClientOf } from '../e2e/runtime/mcp-calls.ts';
import { synthesizeWith } from '../e2e/runtime/own-definitions.ts';

/** What the test asks of the runtime's process, and what it gets. */
export const command = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('port') }),
  z.strictObject({ ask: z.literal('memory') }),
  /** Tokens of as many users of a client profile, none of whom was there before. */
  z.strictObject({ ask: z.literal('tokens'), profile: z.string(), count: z.int() }),
]);

export type Command = z.infer<typeof command>;

const [, , configuration = '{}'] = process.argv;

// A process of its own, so that its memory is the runtime's alone.
const assembly = await synthesizeWith(join(import.meta.dirname, 'definitions'), {
  configuration: JSON.parse(configuration),
});
const gatehouse = await startGatehouse({ assembly });

const mint = (profile: string) =>
  gatehouse.cognito.mint({
    clientId: appClientOf(gatehouse, profile),
    resource: gatehouse.mcpUrl,
    claims: { sub: randomUUID() },
  });

/** Linux counts them; each worker is one. */
const threads = (): number =>
  Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const answerTo = async (asked: Command): Promise<unknown> => {
  if (asked.ask === 'port') return gatehouse.port;
  if (asked.ask === 'memory') return { bytes: process.memoryUsage.rss(), threads: threads() };
  return Promise.all(Array.from({ length: asked.count }, () => mint(asked.profile)));
};

process.on('message', async (message) => process.send?.(await answerTo(command.parse(message))));
process.on('disconnect', () => {
  rmSync(assembly, { recursive: true, force: true });
  process.exit();
});
process.send?.('ready');
