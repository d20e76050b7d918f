import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { userHash } from '../../lambdas/logging/user-hash.ts';
import { announce } from '../../local/run-locally.ts';
import { type Gatehouse, type GatehouseOptions, startGatehouse } from '../../local/runtime.ts';
import { loginSettings } from '../../policy/identity.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { userLimits } from '../../policy/limits.ts';
import { type Row, runQuery } from '../lib/observability/insights.ts';
import { type Section, sectionsOf } from './runbook/sections.ts';
import { loginSteps } from './runtime/login-steps.ts';
import { mcpCaller } from './runtime/mcp-calls.ts';

const root = join(import.meta.dirname, '..', '..');
const sections = sectionsOf(readFileSync(join(root, 'docs', 'runbook.md'), 'utf8'));

/** What the local runtime does not have, by section: a reason for each. */
const notEmulated: Readonly<Record<string, string>> = {
  LambdaThrottles:
    'It is a metric of Lambda about the account’s concurrency, which one computer does not share.',
};

/** Queries over logs that the local runtime does not write; they are asked of AWS's own examples. */
const ofOtherLogs: Readonly<Record<string, readonly object[]>> = {
  // https://docs.aws.amazon.com/waf/latest/developerguide/logging-examples.html
  FailedLogins: [
    {
      timestamp: 1592357192516,
      action: 'ALLOW',
      terminatingRuleId: 'Default_Action',
      httpRequest: { clientIp: '192.0.2.1', httpMethod: 'POST', uri: '/login' },
    },
    // https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
    {
      timestamp: 1592357192516,
      message: {
        eventType: 'SIGN_IN',
        eventResponse: 'Fail',
        riskLevel: 'LOW',
        riskDecision: 'NO_RISK',
        compromisedCredentialDetected: 'false',
        userSub: '5a1b5c6d-0000-4000-8000-000000000000',
        ipAddress: '192.0.2.1',
        country: 'Ireland',
      },
    },
  ],
};

/** Words in italics that are no saved query: a prefix of their names, a widget, a button. */
const otherItalics = ['Audit:', 'Logins at Cognito', 'Disable user access'];

let gatehouse: Gatehouse;
let folder: string;
let withdraw: () => void;

/** Each section has a person of its own: what one does to somebody reaches no other. */
const users: GatehouseOptions['users'] = sections.map(({ title }) => ({
  email: `${title.toLowerCase().replaceAll(/\W+/g, '-')}@example.com`,
  password: `Runbook-${title.length}-9aZ-${title.replaceAll(/\W+/g, '')}`,
  emailVerified: true,
}));

beforeAll(async () => {
  gatehouse = await startGatehouse({
    users,
    configuration: {
      access: { security_posture: { groups: ['auditors'] } },
      identity: { threatProtection: true },
    },
  });
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-runbook-'));
  withdraw = announce(folder, gatehouse);
  // `npx gatehouse` finds this repository's command, as it does in the repository.
  const shim = join(folder, 'npx');
  const command = join(root, 'bin', 'command.cjs');
  writeFileSync(
    shim,
    `#!/bin/sh\n[ "$1" = gatehouse ] || exit 127\nshift\nexec node '${command}' "$@"\n`,
  );
  chmodSync(shim, 0o755);
  writeFileSync(
    join(folder, 'cdk.json'),
    JSON.stringify({ app: `node '${join(root, 'bin', 'gatehouse.ts')}'` }),
  );
});
afterAll(async () => {
  withdraw?.();
  await gatehouse?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const personOf = (title: string) => {
  const found = gatehouse.users[sections.findIndex((section) => section.title === title)];
  if (found === undefined) throw new Error(`Nobody is there for ${title}.`);
  return found;
};

/** Types a line into a shell in the folder of the running local runtime. */
const type = (line: string, environment: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('/bin/bash', ['-c', line], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
        ...environment,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) =>
      code === 0
        ? resolve(stdout.trim())
        : reject(new Error(`${line}\nended with ${code}: ${stderr}${stdout}`)),
    );
  });

/** A line of the runbook with the names of this runtime; without a stack it is the local one. */
const filledIn = async (line: string, email: string): Promise<string> => {
  let text = line
    .replace(/ --stack (?:<name>|[\w-]+)/, '')
    .replaceAll('<email>', email)
    .replaceAll('<url>', gatehouse.mcpUrl);
  if (text.includes('<grant>')) {
    const shown = JSON.parse(await type(`npx gatehouse user show ${email} --json`, {}));
    text = text.replaceAll('<grant>', shown.grants[0].id);
  }
  if (/<\w+>/.test(text)) throw new Error(`Nobody knows what to fill in: ${text}`);
  return text;
};

const steps = (title: string) => loginSteps({ ...gatehouse, users: [personOf(title)] });
const mint = (title: string) =>
  gatehouse.cognito.mint({ resource: gatehouse.mcpUrl, claims: { sub: personOf(title).sub } });
const call = (sending: Parameters<ReturnType<typeof mcpCaller>>[0]) =>
  mcpCaller(gatehouse)(sending);
const rpc = async (title: string, message: object) =>
  call({ token: await mint(title), body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }) });
const callTool = (title: string, name: string) =>
  rpc(title, { method: 'tools/call', params: { name, arguments: {} } });

/** Makes happen what a section is about. */
const happens: Readonly<Record<string, (title: string) => Promise<unknown>>> = {
  'A stolen device': async (title) => {
    // One grant for the line that ends one, one for the line that ends all.
    const clientId = await steps(title).clientId();
    await steps(title).tokens(clientId);
    await steps(title).tokens(clientId);
  },
  'A stolen refresh token': async (title) => steps(title).tokens(await steps(title).clientId()),
  'Read the audit trail': async (title) => {
    await callTool(title, 'whoami');
  },
  AuthenticationFailure: () => call({}),
  InvalidToken: () => call({ token: 'a.b.c' }),
  RateLimitExceeded: async (title) => {
    const token = await mint(title);
    gatehouse.clock.stop();
    for (let calls = 0; calls <= userLimits.perMinute; calls += 1) await call({ token });
  },
  CorsViolation: async (title) =>
    call({ token: await mint(title), headers: { origin: 'https://evil.example' } }),
  InputValidationFailure: async (title) => call({ token: await mint(title), body: '{' }),
  AccessRefused: (title) => callTool(title, 'security_posture'),
  UnknownMcpMethod: (title) => rpc(title, { method: 'sing' }),
  CodeReplay: async (title) => {
    const redeem = await steps(title).redemption(await steps(title).clientId());
    await redeem();
    await redeem();
  },
  RefreshTokenReuse: async (title) => {
    const { clientId, tokens, refreshment } = steps(title);
    const client = await clientId();
    const refresh = refreshment(client, (await tokens(client)).refresh);
    await refresh();
    gatehouse.clock.advance((loginSettings.refreshRotationGraceSeconds + 1) * 1000);
    await refresh();
  },
  RegistrationRefused: () =>
    call({
      path: '/register',
      body: JSON.stringify({ redirect_uris: ['https://evil.example/back'] }),
    }),
  UserLimitUnavailable: async (title) => {
    await gatehouse.table.faults.set({ kind: 'status500' });
    await callTool(title, 'whoami');
    await gatehouse.table.faults.clear();
  },
  BlockedUser: async (title) => {
    const token = await mint(title);
    await type(`npx gatehouse user block ${personOf(title).email}`, {});
    await call({ token });
  },
  Errors5xx: async (title) => {
    const redeem = await steps(title).redemption(await steps(title).clientId());
    await gatehouse.table.faults.set({ kind: 'status500' });
    await redeem();
    await gatehouse.table.faults.clear();
  },
  LatencyP99: (title) => callTool(title, 'whoami'),
  AuthorizerFailure: async (title) => {
    const token = await mint(title);
    gatehouse.clock.advance((lifetimes.jwksRefetchSeconds + 1) * 1000);
    await Promise.all([...gatehouse.functions.values()].map((each) => each.retire()));
    const { apiFaults, domainFaults } = gatehouse.cognito;
    await Promise.all([apiFaults.set({ kind: 'refused' }), domainFaults.set({ kind: 'refused' })]);
    await call({ token });
    await Promise.all([apiFaults.clear(), domainFaults.clear()]);
  },
};

/** The lines of the trail are delivered a moment later; the others are there at once. */
const linesOf = async (isTrail: boolean): Promise<readonly string[]> => {
  if (!isTrail)
    return gatehouse.logs.filter(({ source }) => source !== 'audit-trail').map(({ line }) => line);
  for (;;) {
    const all = gatehouse.logs.filter(({ line }) => JSON.parse(line).trail !== undefined);
    const arrived = all.filter(({ source }) => source === 'audit-trail');
    // Those of commands are written there, and the others first by the functions.
    const delivered = arrived.filter(({ line }) => JSON.parse(line).command === undefined);
    if (delivered.length === all.length - arrived.length) return arrived.map(({ line }) => line);
    await setTimeout(50);
  }
};

/** A saved query, as the template has it. */
const saved = (name: string): string | undefined => {
  const found = gatehouse.stack
    .resources('AWS::Logs::QueryDefinition')
    .find(({ properties }) => String(properties['Name']).endsWith(`/${name}`));
  return found && String(found.properties['QueryString']);
};

/** A query that finds something, and a value for each column that it asks for. */
const expectFound = (query: string, rows: readonly Row[]): void => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const named = columns.filter((name) => query.replaceAll(/"[^"]*"/g, '').includes(name));
  const empty = named.filter((name) => rows.every((row) => row[name] === undefined));
  expect({ query, rows: rows.length > 0, empty }).toEqual({ query, rows: true, empty: [] });
};

const runQueries = async ({ title, queries, named }: Section): Promise<void> => {
  const { sub } = personOf(title);
  const examples = ofOtherLogs[title]?.map((each) => JSON.stringify(each));
  for (const query of queries)
    expectFound(query, runQuery(query, examples ?? (await linesOf(false))));
  for (const name of named.filter((each) => !otherItalics.includes(each))) {
    const query = saved(name);
    if (query === undefined) throw new Error(`No saved query is called ${name}.`);
    const text = query.replace('0000000000000000', userHash(sub));
    const rows = runQuery(text, examples ?? (await linesOf(name.startsWith('Audit: '))));
    expect({ name, found: rows.length > 0 }).toEqual({ name, found: true });
  }
};

test.each(sections)('$title: every command is typed, and every query asked', async (section) => {
  const { title, commands, analyses, queries, named } = section;
  const { email, sub } = personOf(title);
  await happens[title]?.(title);
  for (const command of commands) {
    const printed = await type(await filledIn(command, email), { SUB: sub });
    expect({ command, printed }).toEqual({ command, printed: expect.stringMatching(/\S/) });
    if (command.includes('"$SUB"')) expect(printed).toBe(userHash(sub));
  }
  if (analyses && queries.length + named.length === 0)
    expect(Object.keys(notEmulated)).toContain(title);
  await runQueries(section);
});

test('nothing is prepared for a section that is not there', () => {
  const titles = sections.map(({ title }) => title);
  for (const prepared of [happens, notEmulated, ofOtherLogs])
    expect(Object.keys(prepared).filter((title) => !titles.includes(title))).toEqual([]);
  expect(sections.flatMap(({ commands }) => commands).length).toBeGreaterThan(15);
});
