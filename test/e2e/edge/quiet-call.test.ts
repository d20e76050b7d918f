import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../../local/runtime.ts';
import { edgeSettings } from '../../../policy/edge.ts';
import { quietCalls } from '../../../policy/mcp-methods.ts';
import { type ChangedAssembly, changedAssembly, type Loose } from '../runtime/changed-assembly.ts';
import { synthesizeWith } from '../runtime/own-definitions.ts';
import { header, sender } from '../runtime/send.ts';

const definitions = join(import.meta.dirname, '..', 'long-calls', 'definitions');

/**
 * Both figures of the deployment, a twentieth as long: the distribution's patience and how often a
 * quiet call is heard of.
 */
const shortened = 20;
const originReadSeconds = edgeSettings.originReadSeconds / shortened;

const shortenPatience = (template: Loose): void => {
  const resources: readonly Loose[] = Object.values(template.Resources);
  for (const { Type, Properties } of resources) {
    if (Type !== 'AWS::CloudFront::Distribution') continue;
    for (const { CustomOriginConfig } of Properties.DistributionConfig.Origins) {
      expect(CustomOriginConfig.OriginReadTimeout).toBe(edgeSettings.originReadSeconds);
      CustomOriginConfig.OriginReadTimeout = originReadSeconds;
    }
  }
};

/** Changes the one figure in the bundles that have it. */
const withKeepAlive = (folder: string, seconds: number): void => {
  const figure = new RegExp(`keepAliveSeconds:${quietCalls.keepAliveSeconds}\\b`, 'g');
  const bundles = readdirSync(folder)
    .map((name) => join(folder, name, 'index.mjs'))
    .filter((path) => figure.test(textOf(path)));
  expect(bundles).toHaveLength(1);
  for (const path of bundles)
    writeFileSync(path, textOf(path).replace(figure, `keepAliveSeconds:${seconds}`));
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const call = async (
  gatehouse: Gatehouse,
  method: string,
  params: object,
  accept = 'application/json, text/event-stream',
) => {
  const token = await gatehouse.cognito.mint({
    resource: gatehouse.mcpUrl,
    claims: { sub: 'a00e1c7e-0000-4000-8000-000000000000' },
  });
  const response = await sender(gatehouse.port)({
    method: 'POST',
    path: '/mcp',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
  });
  return { status: response.status, type: header(response, 'content-type'), body: response.body };
};

describe(`through a distribution that waits ${originReadSeconds} s for the next byte instead of ${edgeSettings.originReadSeconds}`, () => {
  let synthesized: string;
  let changed: ChangedAssembly;
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    synthesized = await synthesizeWith(definitions, { urlMode: 'cloudfront' });
    changed = changedAssembly(synthesized, shortenPatience);
    withKeepAlive(changed.folder, quietCalls.keepAliveSeconds / shortened);
    gatehouse = await startGatehouse({ assembly: changed.folder });
    // A cold start may take longer than that on a busy computer, and is not what is measured here.
    for (
      let attempt = 0;
      attempt < 10 && (await call(gatehouse, 'ping', {})).status !== 200;
      attempt += 1
    );
  });
  afterAll(async () => {
    await gatehouse?.stop();
    changed?.remove();
    rmSync(synthesized, { recursive: true, force: true });
  });

  // No progress token, so that the tool has nothing to say before its result.
  const seconds = 2 * originReadSeconds;
  const quietCall = (accept?: string) =>
    call(gatehouse, 'tools/call', { name: 'count_down', arguments: { seconds } }, accept);

  // First, while an instance is warm and idle: a cold start is not quick on a busy computer.
  it('a quick one is plain JSON', async () => {
    expect(await call(gatehouse, 'tools/call', { name: 'whoami', arguments: {} })).toMatchObject({
      status: 200,
      type: 'application/json',
    });
  });

  it('a quiet call of twice that time is kept alive by comments, and its result arrives', async () => {
    const { status, type, body } = await quietCall();
    expect({ status, type }).toEqual({ status: 200, type: 'text/event-stream' });
    expect(body.match(/^: keep-alive$/gm)?.length).toBeGreaterThanOrEqual(3);
    expect(JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? '')).toMatchObject({
      id: 1,
      result: { structuredContent: { waitedSeconds: seconds } },
    });
  });

  it('one whose client takes no stream is cut', async () => {
    expect(await quietCall('application/json')).toMatchObject({ status: 504 });
  });
});
