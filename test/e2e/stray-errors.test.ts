import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';
import { synthesizeWith } from './runtime/own-definitions.ts';

let gatehouse: Gatehouse;
let assembly: string;
beforeAll(async () => {
  assembly = await synthesizeWith(join(import.meta.dirname, 'stray-errors', 'definitions'));
  gatehouse = await startGatehouse({ assembly });
});
afterAll(async () => {
  await gatehouse?.stop();
  rmSync(assembly, { recursive: true, force: true });
});

const sourceLines = readFileSync(
  join(import.meta.dirname, 'stray-errors', 'definitions', 'tools', 'stray.ts'),
  'utf8',
).split('\n');

type Way = 'rejection' | 'event' | 'interval' | 'nothing';
const stray = (id: number, way: Way, waits: number) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'stray', arguments: { way, waits } },
});

const send = async (json: object) => {
  const token = await gatehouse.cognito.mint({
    resource: gatehouse.mcpUrl,
    claims: { sub: randomUUID() },
  });
  const { status, body } = await mcpCaller(gatehouse)({ token, body: JSON.stringify(json) });
  return { status, json: JSON.parse(body) };
};

const fine = { content: [{ text: 'finished' }, { text: expect.any(String) }] };
const failed = { isError: true, content: [{ text: expect.stringMatching(/^The tool failed\./) }] };
const linesAbout = (text: string) =>
  gatehouse.logs
    .filter(({ source }) => source === 'mcp')
    .map(({ line }) => JSON.parse(line))
    .filter((line) => JSON.stringify(line).includes(text));
/** Invocations that ended without a result. */
const failures = () =>
  gatehouse.invocations.filter(({ errorType }) => errorType !== undefined).length;

describe.each(['rejection', 'event', 'interval'] as const)('a stray %s', (way) => {
  it('fails the call to blame at once, and the others of its batch finish', async () => {
    const { status, json } = await send([
      stray(1, 'nothing', 400),
      stray(2, way, 1500),
      stray(3, 'nothing', 400),
    ]);
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { id: 1, result: fine },
      { id: 2, result: failed },
      { id: 3, result: fine },
    ]);
    expect(linesAbout(`a stray ${way}`).map(({ level, tool }) => ({ level, tool }))).toContainEqual(
      {
        level: 'ERROR',
        tool: 'stray',
      },
    );
    expect(failures()).toBe(0);
  });

  it('of a call that is over is logged with its name, and costs nobody their answer', async () => {
    const before = linesAbout(`a stray ${way}`).length;
    const { json } = await send([stray(1, way, 0), stray(2, 'nothing', 300)]);
    expect(json).toMatchObject([
      { id: 1, result: fine },
      { id: 2, result: fine },
    ]);
    const lines = linesAbout(`a stray ${way}`).slice(before);
    expect(lines.map(({ tool }) => tool)).toEqual(['stray']);
    // The line of the tool's source that threw, and not a place in the bundle.
    const [, place] = / \| at [^|]*\btools\/stray\.ts:(\d+)/.exec(lines[0].cause) ?? [];
    expect(sourceLines[Number(place) - 1]).toContain(`new Error('a stray ${way}')`);
    expect((await send(stray(1, 'nothing', 0))).json.result).toMatchObject(fine);
    expect(failures()).toBe(0);
  });
});

describe('the instance', () => {
  const instanceOf = ({ json }: Awaited<ReturnType<typeof send>>): string =>
    json.result.content[1].text;
  /** Requests one after another, as they share an instance that lives. */
  const instancesOf = async (count: number): Promise<string[]> => {
    const instances: string[] = [];
    for (let id = 0; id < count; id += 1)
      instances.push(instanceOf(await send(stray(id, 'nothing', 0))));
    return instances;
  };

  it('in which a promise was rejected goes on', async () => {
    const marked = instanceOf(await send(stray(1, 'rejection', 0)));
    expect(await instancesOf(5)).toContain(marked);
  });

  it.each(['event', 'interval'] as const)(
    'in which an %s was thrown takes no other request',
    async (way) => {
      const { json } = await send([stray(1, 'nothing', 300), stray(2, way, 300)]);
      const marked = json[0].result.content[1].text;
      expect(await instancesOf(5)).not.toContain(marked);
      expect(failures()).toBe(0);
    },
  );
});
