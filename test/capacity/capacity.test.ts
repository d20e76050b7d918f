import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changed } from '../judges/sabotage.ts';
import { templateOf } from '../judges/templates.ts';
import { type Arrival, simulate } from './arrivals.ts';
import { functionSeconds } from './assumptions.ts';
import { bounds } from './demand.ts';
import { boundsTable, dollarsTable, judgedConfiguration, results, scenarioRow } from './page.ts';
import { type OwnLimits, ownLimits } from './quotas.ts';

const template = templateOf(judgedConfiguration);
const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'capacity.md'), 'utf8');

const roomy: OwnLimits = {
  mcpMethod: { ratePerSecond: 1e6, burst: 1e6 },
  otherMethods: { ratePerSecond: 1e6, burst: 1e6 },
  share: { ratePerSecond: 1e6, burst: 1e6 },
  shares: 2,
  perAddressMinute: 1e6,
  perAddressOfClientMinute: 1e6,
};

const arrivals = (count: number, more: (index: number) => Partial<Arrival> = () => ({})) =>
  Array.from({ length: count }, (_, index): Arrival => {
    const { at = 0, user = 0, address = 0, endpoint = 'mcp' } = more(index);
    return { at, user, address, endpoint };
  });

describe('docs/capacity.md', () => {
  test('says what the template and the quotas say (npm run capacity writes it anew)', () => {
    expect(page).toContain(boundsTable(template));
    expect(page).toContain(dollarsTable(template));
    for (const result of results(template, 1000)) expect(page).toContain(scenarioRow(result));
  });

  test('follows a figure of the template', () => {
    const tighter = changed('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 1, BurstLimit: 1 },
    })(template);
    expect(ownLimits(tighter).share).toEqual({ ratePerSecond: 1, burst: 1 });
    expect(boundsTable(tighter)).not.toBe(boundsTable(template));
  });

  test('names the tightest limit first', () => {
    const shares = bounds(template, 100_000).map(({ used, most }) => used / most);
    expect(shares).toEqual(shares.toSorted((one, other) => other - one));
  });
});

describe('the simulation', () => {
  test('a token bucket lets its burst through at once and its rate after that', () => {
    const limits = { ...roomy, mcpMethod: { ratePerSecond: 10, burst: 20 } };
    const together = simulate(arrivals(25), { ...limits, addressPerMinute: 1e6 });
    expect(together.refused.method).toBe(5);
    // The five come again two seconds later, when there is room.
    expect(together.givenUp).toBe(0);
    const spread = arrivals(100, (index) => ({ at: index / 10 }));
    expect(simulate(spread, { ...limits, addressPerMinute: 1e6 }).refused.method).toBe(0);
  });

  test('an address is counted for a minute, what is refused included', () => {
    const { refused, givenUp } = simulate(arrivals(12), { ...roomy, addressPerMinute: 10 });
    expect(refused.address).toBe(2);
    expect(givenUp).toBe(0);
    const two = arrivals(20, (index) => ({ address: index % 2 }));
    expect(simulate(two, { ...roomy, addressPerMinute: 10 }).refused.address).toBe(0);
  });

  test('a flood of one user is felt in one share', () => {
    const limits = { ...roomy, share: { ratePerSecond: 1, burst: 10 } };
    const flood = arrivals(50);
    const other = arrivals(5, () => ({ user: 1 }));
    const alone = simulate(flood, { ...limits, addressPerMinute: 1e6 });
    const both = simulate([...flood, ...other], { ...limits, addressPerMinute: 1e6 });
    expect(alone.refused.share).toBeGreaterThan(0);
    expect(both.refused).toEqual(alone.refused);
  });

  test('a sandbox serves one request at a time, and only the first one of each is cold', () => {
    const { mcp, authorizer, cold } = functionSeconds;
    const both = simulate(arrivals(2), { ...roomy, addressPerMinute: 1e6 });
    expect(both.coldStarts).toBe(4);
    expect(both.wait.median).toBeCloseTo(2 * cold + mcp + authorizer);
    const later = arrivals(5, (index) => ({ at: index * 5 }));
    expect(simulate(later, { ...roomy, addressPerMinute: 1e6 }).coldStarts).toBe(2);
  });

  test('Lambda refuses what is beyond its concurrency', () => {
    const { refused, peakConcurrency } = simulate(arrivals(3000), {
      ...roomy,
      addressPerMinute: 1e6,
    });
    expect(refused.lambda).toBeGreaterThan(0);
    // A call can hold two of them: its authorizer and its tool.
    expect(peakConcurrency).toBeLessThanOrEqual(1002);
  });
});
