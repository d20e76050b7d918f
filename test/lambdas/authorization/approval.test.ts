import { keptApproval, rememberApproval } from '../../../lambdas/authorization/approval.ts';
import type { AuthorizationRequest } from '../../../lambdas/authorization/authorization-request.ts';
import { deployedScopes } from '../../../lambdas/configuration/scopes.ts';
import { memoryTable } from '../oauth/memory-table.ts';
import { anAuthorizationRequest, profileNamed } from './an-authorization-request.ts';

const now = new Date('2026-11-26T12:00:00Z');
const approved = anAuthorizationRequest();
const { client, profile } = approved;

const remember = async (request: AuthorizationRequest = approved) => {
  const table = memoryTable();
  const [cookie = ''] = await rememberApproval(request, table, now);
  const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
  table.accesses.length = 0;
  return { table, name, value };
};

it('an approval is kept of exactly what was approved', async () => {
  const { table, name, value } = await remember();
  const kept = (request: AuthorizationRequest) =>
    keptApproval(request, `a=1; ${name}=${value}`, table, now);
  expect(await kept(approved)).toBeDefined();
  const others: Partial<AuthorizationRequest>[] = [
    { client: { ...client, name: 'Claude, new' } },
    { client: { ...client, documentHost: 'claude.ai' } },
    { client: { ...client, redirectUris: ['https://claude.ai/other'] } },
    { profile: { ...profile, grantsEmail: false } },
    { scopes: ['gatehouse/tools.read'] },
    { prompts: ['consent'] },
  ];
  for (const other of others) expect(await kept({ ...approved, ...other })).toBeUndefined();
});

it('and tells whose document it was shown, and whether the address was', async () => {
  for (const request of [
    anAuthorizationRequest({ client: { ...client, documentHost: 'claude.ai' } }),
    anAuthorizationRequest({ profile: { ...profile, grantsEmail: false } }),
  ]) {
    const { table, name, value } = await remember(request);
    const cookies = `${name}=${value}`;
    expect(await keptApproval(request, cookies, table, now)).toBeDefined();
    expect(await keptApproval(approved, cookies, table, now)).toBeUndefined();
    const elsewhere = { ...request.client, documentHost: 'elsewhere.example' };
    expect(
      await keptApproval({ ...request, client: elsewhere }, cookies, table, now),
    ).toBeUndefined();
  }
});

it('the secret of one redirect URI is worth nothing under the name of another', async () => {
  const { table, value } = await remember();
  const other = anAuthorizationRequest({ redirectUri: 'https://claude.com/api/mcp/auth_callback' });
  const { name } = await remember(other);
  expect(await keptApproval(other, `${name}=${value}`, table, now)).toBeUndefined();
});

it('a cookie that is empty, or not there, is looked up nowhere', async () => {
  const { table, name } = await remember();
  for (const cookies of [`${name}=`, 'other=x', undefined])
    expect(await keptApproval(approved, cookies, table, now)).toBeUndefined();
  expect(table.accesses).toEqual([]);
});

it('nothing is remembered for a program on the person’s own computer', async () => {
  const local = anAuthorizationRequest({ profile: profileNamed('loopback') });
  const table = memoryTable();
  expect(await rememberApproval(local, table, now)).toEqual([]);
  expect(table.accesses).toEqual([]);
});

describe('what a deployment changed since is asked about again', () => {
  const short = 'gatehouse/orders.write';
  const request = anAuthorizationRequest({ scopes: [short] });
  const deploy = (words: string, ...implies: readonly string[]) =>
    Reflect.set(deployedScopes, short, { words, implies });
  afterEach(() => Reflect.deleteProperty(deployedScopes, short));

  it.each<[string, Parameters<typeof deploy>, boolean]>([
    ['nothing', ['Change your orders', 'gatehouse/tools.read'], true],
    ['words', ['Change and delete your orders', 'gatehouse/tools.read'], false],
    ['what comes with it', ['Change your orders', 'gatehouse/tools.call'], false],
  ])('%s', async (_, deployment, isKept) => {
    deploy('Change your orders', 'gatehouse/tools.read');
    const { table, name, value } = await remember(request);
    deploy(...deployment);
    const kept = await keptApproval(request, `${name}=${value}`, table, now);
    expect(kept !== undefined).toBe(isKept);
  });
});
