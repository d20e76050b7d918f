import { StartupFailure } from '../../../local/failure.ts';
import type { LambdaFunction } from '../../../local/lambda/function.ts';
import { readSchedules, startSchedules } from '../../../local/lambda/schedules.ts';
import type { Stack } from '../../../local/template/stack.ts';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:mcp';
const ruleArn = 'arn:aws:events:eu-west-1:123456789012:rule/Warm';

const aTarget = { Id: 'mcp', Arn: arn, Input: '{"keepWarm":true}' };
const aRule = { ScheduleExpression: 'rate(4 minutes)', Targets: [aTarget] };

const read = (properties: object, mayInvoke = true) => {
  const events: unknown[] = [];
  const stack = {
    resources: () => [{ logicalId: 'Warm', type: 'AWS::Events::Rule', properties }],
    attribute: () => ruleArn,
  } as unknown as Stack;
  const mcp = {
    name: 'mcp',
    invoke: async (event: unknown) => {
      events.push(event);
    },
  } as unknown as LambdaFunction;
  const invocations: unknown[] = [];
  const schedules = readSchedules(stack, new Map([[arn, mcp]]), (invocation) => {
    invocations.push(invocation);
    return mayInvoke;
  });
  return { schedules, events, invocations };
};

describe('a schedule', () => {
  it('calls its targets with their input, if EventBridge may', async () => {
    const { schedules, events, invocations } = read(aRule);
    expect(invocations).toEqual([
      { functionArn: arn, service: 'events.amazonaws.com', sourceArn: ruleArn },
    ]);
    await schedules[0]?.fire();
    expect(events).toEqual([{ keepWarm: true }]);
    expect(() => read(aRule, false)).toThrow('Warm: EventBridge may not invoke mcp.');
  });

  it('does so once an interval, and no more when it is stopped', async () => {
    jest.useFakeTimers();
    try {
      const { schedules, events } = read(aRule);
      const running = startSchedules(schedules);
      jest.advanceTimersByTime(4 * 60_000 - 1);
      expect(events).toHaveLength(0);
      jest.advanceTimersByTime(1 + 4 * 60_000);
      expect(events).toHaveLength(2);
      await running.stop();
      jest.advanceTimersByTime(60 * 60_000);
      expect(events).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([
    ['is disabled', { ...aRule, State: 'DISABLED' }],
    [
      'waits for an event',
      { EventPattern: { source: ['aws.cloudformation'] }, Targets: [aTarget] },
    ],
  ])('that %s calls nobody', (_, properties) => {
    expect(read(properties).schedules).toEqual([]);
  });

  it.each([
    ['an expression', { ...aRule, ScheduleExpression: 'cron(0 9 * * ? *)' }],
    ['a target', { ...aRule, Targets: [{ ...aTarget, Arn: 'arn:aws:sqs:eu-west-1:1:queue' }] }],
    ['an event', { ...aRule, Targets: [{ Id: 'mcp', Arn: arn }] }],
    ['a transformed event', { ...aRule, Targets: [{ ...aTarget, InputTransformer: {} }] }],
  ])('with %s that is not emulated stops the start', (_, properties) => {
    expect(() => read(properties)).toThrow(StartupFailure);
  });
});
