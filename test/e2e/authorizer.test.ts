import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { keepWarm } from '../../policy/keep-warm.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';
import { sender } from './runtime/send.ts';

describe("the authorizer's log", () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
  });
  afterAll(() => gatehouse?.stop());

  const linesOf = () =>
    gatehouse.logs
      .map(({ line }) => JSON.parse(line))
      .filter(({ service }) => service === 'authorizer');

  it('holds the event of a 401 and no error: every client begins with one', async () => {
    gatehouse.logs.splice(0);
    expect((await mcpCaller(gatehouse)({ token: 'nonsense' })).status).toBe(401);
    const lines = linesOf();
    expect(lines.map(({ event }) => event)).toContain('InvalidToken');
    expect(lines.filter(({ level }) => level === 'ERROR')).toEqual([]);
  });

  it('holds nothing of the schedule that keeps functions warm, and no other log does', async () => {
    gatehouse.logs.splice(0);
    gatehouse.invocations.splice(0);
    for (const schedule of gatehouse.schedules) await schedule.fire();
    const nameOf = (name: string) => gatehouse.functions.get(name)?.name;
    expect(gatehouse.invocations.map(({ functionName }) => functionName).sort()).toEqual(
      [...keepWarm.functions].map(nameOf).sort(),
    );
    expect(gatehouse.invocations.filter(({ errorType }) => errorType !== undefined)).toEqual([]);
    expect(gatehouse.logs).toEqual([]);
  });

  it("takes no request for the schedule's, whatever it says", async () => {
    const body = JSON.stringify({ [keepWarm.member]: true });
    expect((await mcpCaller(gatehouse)({ token: 'nonsense', body })).status).toBe(401);
    const { status } = await sender(gatehouse.port)({
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(status).toBe(415);
  });
});
