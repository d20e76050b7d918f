import countDown, { countDownSeconds } from '../../../examples/sample-tools/tools/count-down.ts';
import { InvalidArguments } from '../../../lambdas/mcp/authoring/define-tool.ts';
import { callContext } from '../../../lambdas/mcp/testing/call-context.ts';
import { userLimits } from '../../../policy/limits.ts';

describe('count_down', () => {
  it('reports each second and says how long it waited', async () => {
    const reported: unknown[] = [];
    const result = await countDown.call(
      { seconds: 2 },
      callContext({ progress: (...progress) => reported.push(progress) }),
    );
    expect(result).toMatchObject({ structuredContent: { waitedSeconds: 2 } });
    expect(reported).toEqual([
      [1, 2, '1 s to go'],
      [2, 2, '0 s to go'],
    ]);
  });

  it('stops when it is told to, and says how far it came', async () => {
    const controller = new AbortController();
    const waiting = countDown.call({ seconds: 60 }, callContext({ signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toThrow('Stopped after 0 of 60 seconds');
  });

  it('cannot be used to hold the account: a user of it takes no more executions at once than calls a minute', () => {
    expect((countDownSeconds / 60) * userLimits.perMinute).toBeLessThanOrEqual(
      userLimits.perMinute,
    );
  });

  it.each([0, countDownSeconds + 1, 1.5, 'a'])('does not take %j seconds', async (seconds) => {
    expect(await countDown.call({ seconds }, callContext())).toBeInstanceOf(InvalidArguments);
  });
});
