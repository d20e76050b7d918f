import { functionSettings } from '../../policy/functions.ts';
import type { Bundle } from './bundles.ts';
import { eventOf, subscriptionEventOf } from './events.ts';
import { quantile, warmCalls } from './process.ts';

/** A network between the function and its table. */
export const tableMilliseconds = 4;

/** Lambda developer guide, "Configure Lambda function memory": the memory that has one whole core. */
const megabytesOfCore = 1769;

export interface Billed {
  readonly name: 'authorizer' | 'mcp' | 'audit-trail';
  /** The median. */
  readonly milliseconds: number;
}

interface Measured {
  readonly bundles: readonly Bundle[];
  readonly calls: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
}

/**
 * How long Lambda would bill for a warm call of a quick tool: what it takes here with a table that
 * is `tableMilliseconds` away, and its own work drawn out to the share of a core that the function's
 * memory buys. What Lambda's own runtime adds is not in it.
 */
export const billedDurations = async ({
  bundles,
  calls,
  environment,
  token,
}: Measured): Promise<readonly Billed[]> => {
  const call = eventOf({ era: 'modern', method: 'tools/call', token });
  const { body: _, ...question } = call;
  const line = JSON.stringify({ level: 'INFO', trail: 'call', outcome: 'ok' });
  const measured = async (name: Billed['name'], event: object): Promise<Billed> => {
    const bundle = bundles.find((each) => each.name === (name === 'mcp' ? 'gatehouse' : name));
    const { costs, waits } = await warmCalls(bundle?.file ?? '', calls, {
      ...environment,
      AWS_ENDPOINT_URL_DYNAMODB: `${environment['AWS_ENDPOINT_URL_DYNAMODB']}/?milliseconds=${tableMilliseconds}`,
      BENCH_EXPECT: '',
      BENCH_EVENTS: JSON.stringify([event]),
    });
    const slower = megabytesOfCore / functionSettings[name].memoryMegabytes - 1;
    return {
      name,
      milliseconds: quantile(waits, 0.5) + (quantile(costs, 0.5) / 1000) * Math.max(0, slower),
    };
  };
  return [
    await measured('authorizer', question),
    await measured('mcp', call),
    await measured('audit-trail', subscriptionEventOf(line)),
  ];
};
