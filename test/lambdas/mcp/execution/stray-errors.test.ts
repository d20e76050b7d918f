import { EventEmitter } from 'node:events';
import { Call } from '../../../../lambdas/mcp/execution/call.ts';
import {
  attributedTo,
  containStrayErrors,
} from '../../../../lambdas/mcp/execution/stray-errors.ts';
import { silentLogger, testCaller } from '../../../../lambdas/mcp/testing/call-context.ts';

/** A process that says when it would end. */
class TestProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

const setUp = () => {
  const events = new TestProcess();
  const foreign: string[] = [];
  events.on('uncaughtException', () => foreign.push('the runtime'));
  const logged: unknown[] = [];
  containStrayErrors(events, (error) => logged.push(error));
  return { events, foreign, logged };
};

const callWith = (logged: unknown[]): Call => {
  const request: ConstructorParameters<typeof Call>[1]['request'] = Object.assign(
    Object.create(null),
    {
      logger: {
        ...silentLogger,
        error: (_message: string, fields: unknown) => logged.push(fields),
      },
      remainingMilliseconds: () => 60_000,
    },
  );
  const origin = { request, caller: testCaller, clientCapabilities: {} };
  return new Call('tool', origin, {}, {}, undefined);
};

describe.each(['uncaughtException', 'unhandledRejection'] as const)('an %s', (event) => {
  it('of a call fails that call, is logged with its name once, and ends nothing', async () => {
    const { events, foreign, logged } = setUp();
    const lines: unknown[] = [];
    const call = callWith(lines);
    const error = new Error('stray');
    const never = new Promise<never>(() => {});
    const result = call.finish(
      attributedTo(call, async () => {
        await Promise.resolve();
        events.emit(event, error);
        events.emit(event, error);
        await Promise.race([never, new Promise((resolve) => setTimeout(resolve, 10))]);
      }),
    );
    await expect(result).rejects.toMatchObject({ name: 'StrayError', cause: error });
    expect(lines).toEqual([{ tool: 'tool', cause: error }]);
    expect({ exits: events.exits, foreign, logged }).toEqual({
      exits: [],
      foreign: [],
      logged: [],
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('of nobody lets the calls that run finish, and ends the process when none does', async () => {
    const { events, logged } = setUp();
    const call = callWith([]);
    const gate = Promise.withResolvers<string>();
    const result = call.finish(attributedTo(call, () => gate.promise));
    events.emit(event, 'nobody’s');
    expect(events.exits).toEqual([]);
    gate.resolve('finished');
    expect(await result).toBe('finished');
    events.emit(event, 'nobody’s again');
    expect({ exits: events.exits, logged }).toEqual({
      exits: [1],
      logged: ['nobody’s', 'nobody’s again'],
    });
  });
});
