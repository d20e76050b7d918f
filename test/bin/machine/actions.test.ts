import { makeAws } from '../../../bin/aws/aws.ts';
import { type Machines, machineActions } from '../../../bin/machine/actions.ts';
import { machinePoolOf } from '../../../bin/machine/cognito.ts';
import { tableOf } from '../../../bin/target/table.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { aClient, aPool, jsonOf } from '../../local/cognito/a-pool.ts';
import { keptOperations } from '../operations.ts';
import { startUsersTable } from '../users-table.ts';

const operations = keptOperations();
const clientId = 'nightly000000000000000000a';
let pool: Awaited<ReturnType<typeof aPool>>;
let dynamodb: Dynamodb;
let machines: Machines;

beforeAll(async () => {
  pool = await aPool({
    clients: [
      aClient(),
      aClient({
        clientId,
        clientName: 'machine-nightly',
        flows: ['client_credentials'],
        callbackUrls: [],
        scopes: ['gatehouse/tools.read'],
      }),
    ],
  });
  dynamodb = await startUsersTable();
  const { apiPort, certificateAuthority } = pool.cognito;
  const aws = makeAws({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: {
      dynamodb: { url: dynamodb.endpoint },
      'cognito-idp': { url: `https://localhost:${apiPort}`, certificateAuthority },
    },
  });
  machines = {
    pool: machinePoolOf(aws, 'eu-west-1_AbCdEf123'),
    target: { table: tableOf(aws, 'users'), write: operations.write },
    now: new Date(),
  };
});
afterAll(() => Promise.all([pool.cognito.stop(), dynamodb.stop()]));

/** What Cognito says to somebody who has this secret. */
const tokenWith = async (secret: string) =>
  jsonOf(
    await pool.token(
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    ),
  );
const secretOf = ({ json }: { readonly json: object }): string =>
  String(Reflect.get(json, 'secret'));

it('gives a machine a second secret, and ends the older one', async () => {
  await expect(machineActions.endPrevious(machines, 'nightly')).rejects.toThrow(
    'nightly has one secret: make another',
  );
  const second = await machineActions.secret(machines, 'nightly');
  expect(second.text).toContain(clientId);
  expect(await tokenWith(secretOf(second))).toHaveProperty('access_token');
  await expect(machineActions.secret(machines, 'nightly')).rejects.toThrow('has two secrets');
  expect((await machineActions.list(machines)).json).toEqual({
    machines: [{ name: 'nightly', clientId, secrets: 2 }],
  });
  await machineActions.endPrevious(machines, 'nightly');
  const third = await machineActions.secret(machines, 'nightly');
  expect(await tokenWith(secretOf(second))).toHaveProperty('access_token');
  await machineActions.endPrevious(machines, 'nightly');
  expect(await tokenWith(secretOf(second))).toEqual({ error: 'invalid_client' });
  expect(await tokenWith(secretOf(third))).toHaveProperty('access_token');
});

it('blocks a machine by its own subject, and lets it in again', async () => {
  const item = () => machines.target.table.get('user#machine:nightly', { consistent: true });
  await machineActions.block(machines, 'nightly');
  expect(await item()).toMatchObject({ blocked: true });
  await machineActions.unblock(machines, 'nightly');
  expect(await item()).not.toHaveProperty('blocked');
});

it.each(['secret', 'endPrevious', 'block', 'unblock'] as const)(
  'does nothing for a machine that the deployment has not: %s',
  async (action) => {
    await expect(machineActions[action](machines, 'other')).rejects.toThrow(
      'has no app client machine-other',
    );
  },
);

it('tells the audit trail of each change before it is made, and of nothing else (LOG-6)', async () => {
  operations.told.length = 0;
  const sub = 'machine:nightly';
  await machineActions.list(machines);
  await machineActions.secret(machines, 'nightly');
  await machineActions.endPrevious(machines, 'nightly');
  await machineActions.block(machines, 'nightly');
  await machineActions.unblock(machines, 'nightly');
  await machineActions.block(machines, 'other').catch(() => {});
  const ended = { command: 'machine secret', sub, detail: 'ends the older one' };
  expect(operations.told).toEqual(
    [
      { command: 'machine secret', sub },
      ended,
      { command: 'machine block', sub },
      { command: 'machine unblock', sub },
    ].flatMap((told) => [told, { ...told, outcome: 'ok' }]),
  );
});

it('changes nothing that the audit trail was not told of', async () => {
  const write = () => Promise.reject(new Error('no trail'));
  const untold = { ...machines, target: { ...machines.target, write } };
  const secrets = async () => (await machineActions.list(machines)).json;
  const before = await secrets();
  for (const action of ['secret', 'block', 'unblock'] as const)
    await expect(machineActions[action](untold, 'nightly')).rejects.toThrow('no trail');
  expect(await secrets()).toEqual(before);
});
