import { randomUUID } from 'node:crypto';
import type { Gatehouse } from '../../../local/runtime.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { mcpCaller } from './mcp-calls.ts';

/**
 * Has a number of instances of every function that a call passes, and each of them its keys. Where
 * instances start all at once on a busy computer, one may not get the pool's keys in time, says so
 * with a 503, and asks for them again some seconds later, by a clock that is moved here.
 */
export const warmUp = async (gatehouse: Gatehouse, instances: number): Promise<void> => {
  const call = mcpCaller(gatehouse);
  for (;;) {
    const responses = await Promise.all(
      Array.from({ length: instances }, async () => {
        const claims = { sub: randomUUID() };
        return call({
          token: await gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims }),
        });
      }),
    );
    const statuses = responses.map(({ status }) => status);
    if (statuses.every((status) => status === 200)) return;
    if (statuses.some((status) => status !== 200 && status !== 503))
      throw new Error(`The first calls were answered ${statuses.join(', ')}.`);
    gatehouse.clock.advance(lifetimes.jwksRetrySeconds * 1000);
  }
};
