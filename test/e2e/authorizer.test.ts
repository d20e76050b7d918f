import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';

describe("the authorizer's log", () => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
  }, 240_000);
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
});
