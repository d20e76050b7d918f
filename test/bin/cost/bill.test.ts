import { bill, billText } from '../../../bin/cost/bill.ts';
import { itemsPerMillion, monthlyItems, sumOf } from '../../../bin/cost/cost.ts';
import { templateOf } from '../../judges/templates.ts';

/** Nobody may have synthesized the templates yet, on a computer that is busy. */
const synthesisMilliseconds = 240_000;
beforeAll(() => void templateOf('domain, production'), synthesisMilliseconds);

const template = () => templateOf('domain, production');

describe('a bill', () => {
  it('is the idle month, a millionth for each call, and people beyond the first ten thousand', () => {
    const idle = sumOf(monthlyItems(template()));
    const perMillion = sumOf(itemsPerMillion(template()));
    expect(bill(template(), { calls: 0, users: 10_000 }).dollars).toBeCloseTo(idle);
    expect(bill(template(), { calls: 2e6, users: 0 }).useDollars).toBeCloseTo(2 * perMillion);
    expect(bill(template(), { calls: 0, users: 10_100 }).useDollars).toBeCloseTo(1.5);
  });

  it('counts people by the plan of the user pool: threat protection has none for nothing', () => {
    const plus = templateOf('production with everything');
    expect(bill(plus, { calls: 0, users: 1000, machineTokens: 0 }).useDollars).toBeCloseTo(20);
  });

  it('counts the tokens of machines: those that are given, or one each 15 minutes for each', () => {
    const machines = templateOf('two machines');
    const tokens = (machineTokens?: number) =>
      bill(machines, { calls: 0, users: 0, machineTokens }).use.find(({ what }) =>
        what.endsWith('tokens of machines'),
      );
    expect(tokens(1000)).toMatchObject({ count: 1, dollars: 2.25 });
    expect(tokens()).toMatchObject({ count: 2 * 2.92, dollars: expect.closeTo(2 * 6.57, 2) });
    expect(bill(template(), { calls: 0, users: 0 }).useDollars).toBe(0);
  });

  it('counts functions that are kept warm', () => {
    const { resources } = template();
    const [id = ''] =
      Object.entries(resources).find(
        ([, { Type, Properties }]) =>
          Type === 'AWS::Lambda::Function' && Properties['Description'] === 'Gatehouse mcp',
      ) ?? [];
    const version = {
      Type: 'AWS::Lambda::Version',
      Properties: {
        FunctionName: { Ref: id },
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
      },
    };
    const warm = bill(
      { stack: 'a', resources: { ...resources, Version: version } },
      { calls: 0, users: 0 },
    );
    expect(warm.idle).toContainEqual({
      what: 'GB of functions that are kept warm',
      count: 2,
      dollars: expect.closeTo(17.52, 1),
    });
  });

  it('is a table for people, without rows of nothing', () => {
    const text = billText(bill(template(), { calls: 1e6, users: 100 }));
    expect(text).toContain('1,000,000 calls');
    expect(text).toMatch(/All of it +\d+\.\d\d/);
    expect(text).not.toContain('at the edge');
  });
});
