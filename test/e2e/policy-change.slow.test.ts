import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gatehouse, startGatehouse } from '../../local/runtime.ts';
import { localContext, readCdkApp } from '../../local/synthesis/cdk-app.ts';
import { runApp } from '../../local/synthesis/run-app.ts';
import { synthesize } from '../../local/synthesis/synthesize.ts';
import { addressLimits } from '../../policy/limits.ts';
import { header, sender } from './runtime/send.ts';

const root = join(import.meta.dirname, '..', '..');
const registrations = addressLimits.find(({ name }) => name === 'registration');
const [before, after] = [registrations?.requests ?? 0, 14];

/** The sources, with one figure of the policy changed and nothing else. */
const changedSources = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-policy-'));
  for (const each of [
    'bin',
    'lib',
    'lambdas',
    'policy',
    'cdk.json',
    'package.json',
    'package-lock.json',
  ])
    cpSync(join(root, each), join(copy, each), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const limits = join(copy, 'policy', 'limits.ts');
  const text = readFileSync(limits, 'utf8');
  const figure = new RegExp(`(name: 'registration',\\s+requests: )${before}\\b`, 'g');
  if ([...text.matchAll(figure)].length !== 1)
    throw new Error('policy/limits.ts does not state the figure once.');
  writeFileSync(limits, text.replace(figure, `$1${after}`));
  return copy;
};

const synthesizeCopy = async (copy: string): Promise<string> => {
  const app = readCdkApp(copy);
  const out = join(copy, 'cdk.out');
  await runApp(app, out, { ...app.context, ...localContext('domain') });
  return out;
};

const registrationLimit = ({ stack }: Gatehouse): unknown => {
  const rules = JSON.stringify(
    stack.resources('AWS::WAFv2::WebACL').map(({ properties }) => properties['Rules']),
  );
  const rule: unknown = JSON.parse(rules)
    .flat()
    .find(({ Name }: { Name: string }) => Name === 'registration');
  return JSON.parse(JSON.stringify(rule)).Statement.RateBasedStatement.Limit;
};

/** How many registrations one address has in one window. */
const admitted = async (gatehouse: Gatehouse): Promise<number> => {
  const { clock } = gatehouse;
  clock.stop();
  const send = sender(gatehouse.port);
  for (let count = 0; ; count += 1) {
    const response = await send({
      method: 'POST',
      path: '/register',
      from: '127.5.5.5',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: `Client ${count}`,
        redirect_uris: ['http://localhost:1/callback'],
      }),
    });
    // Refused for a window over a minute: by no limit for everything.
    const window = Number(header(response, 'retry-after'));
    if (response.status === 429 && window >= (registrations?.perSeconds ?? 0)) return count;
    expect(response.status).toBe(201);
    clock.advance(500);
  }
};

describe('one figure of the policy', () => {
  let copy = '';
  beforeAll(() => {
    copy = changedSources();
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it(`changes template and behaviour with no other edit: ${before / 2} to ${after / 2} registrations a minute`, async () => {
    const [folder, changed] = [await synthesize({ urlMode: 'domain' }), await synthesizeCopy(copy)];
    for (const [assembly, figure] of [
      [folder, before],
      [changed, after],
    ] as const) {
      const gatehouse = await startGatehouse({ assembly });
      try {
        expect({
          template: registrationLimit(gatehouse),
          local: await admitted(gatehouse),
        }).toEqual({ template: figure, local: figure });
      } finally {
        await gatehouse.stop();
      }
    }
  });
});
