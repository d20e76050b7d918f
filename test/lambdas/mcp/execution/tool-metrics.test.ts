import { countFor } from '../../../../lambdas/mcp/execution/tool-metrics.ts';

describe('a count', () => {
  it('is one line of the embedded metric format, by the definition that counts', () => {
    const lines: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = (line: string | Uint8Array) => lines.push(String(line)) > 0;
    try {
      countFor('list_orders')('OrdersListed', 3);
      countFor('whoami')('Asked');
    } finally {
      process.stdout.write = write;
    }
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        definition: 'list_orders',
        OrdersListed: 3,
        _aws: { CloudWatchMetrics: [{ Namespace: 'Gatehouse', Dimensions: [['definition']] }] },
      },
      { definition: 'whoami', Asked: 1 },
    ]);
  });
});
