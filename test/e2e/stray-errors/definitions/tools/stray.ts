import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { defineTool } from '../../../../../lambdas/mcp/authoring/define-tool.ts';

/** Says which instance of the function it is. */
const instance = randomUUID();

/** What a call may leave to nobody. */
const ways = {
  rejection: () => {
    void (async () => {
      await sleep(20);
      throw new Error('a stray rejection');
    })();
  },
  event: () => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit('error', new Error('a stray event')), 20);
  },
  interval: () => {
    setInterval(() => {
      throw new Error('a stray interval');
    }, 20);
  },
  nothing: () => {},
} as const;

export default defineTool({
  name: 'stray',
  title: 'Stray',
  description: 'Leaves an error where nobody catches it, and waits.',
  input: z.object({
    way: z.enum(['rejection', 'event', 'interval', 'nothing']),
    waits: z.int().check(z.minimum(0), z.maximum(2000)),
  }),
  scopes: [],
  annotations: {},
  handler: async ({ way, waits }) => {
    ways[way]();
    await sleep(waits);
    return [
      { type: 'text', text: 'finished' },
      { type: 'text', text: instance },
    ];
  },
});
