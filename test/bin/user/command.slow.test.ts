import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { type AwsStub, describedStack, startAwsStub } from '../aws-stub.ts';
import { startUsersTable } from '../users-table.ts';

const sub = '0f8fad5b-d9cb-469f-a165-70867728950e';
const other = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const region = 'eu-west-1';
const credentials = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: region,
};

const root = join(import.meta.dirname, '..', '..', '..');
let dynamodb: Dynamodb;
let aws: AwsStub;

beforeAll(async () => {
  dynamodb = await startUsersTable();
  aws = await startAwsStub(({ name, input }) => {
    if (name === 'DescribeStacks')
      return {
        body: describedStack({
          McpUrl: 'https://mcp.example.com/mcp',
          UserPoolId: 'eu-west-1_test',
          TableName: 'users',
          AuditTrailLogGroup: 'trail',
        }),
      };
    if (name === 'GetCallerIdentity')
      return {
        body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/Admin/ada</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
      };
    if (name.startsWith('Logs_20140328.')) return { body: {} };
    if (name === 'AWSCognitoIdentityProviderService.AdminListGroupsForUser')
      return { body: { Groups: [] } };
    if (name !== 'AWSCognitoIdentityProviderService.ListUsers') return undefined;
    const people = [
      { sub, filters: [`sub = "${sub}"`, 'email = "ada@example.com"'] },
      { sub: other, filters: [`sub = "${other}"`] },
    ];
    const found = people.filter(
      ({ filters }) => input['Filter'] === undefined || filters.includes(String(input['Filter'])),
    );
    const Users = found.map((person) => ({
      Username: person.sub,
      Attributes: [{ Name: 'sub', Value: person.sub }],
    }));
    return { body: { Users } };
  });
});

afterAll(async () => {
  await dynamodb.stop();
  await aws.stop();
});

const run = (
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'command.ts'), 'user', ...args], {
      env: {
        ...credentials,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
        AWS_ENDPOINT_URL: aws.url,
        // Nothing here may look beyond this machine.
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (output += data));
    // The first line, on stderr, names the deployment.
    const title = '(stack Gatehouse-prod in eu-west-1)';
    child.on('close', (code) => resolve({ code, output: output.replace(title, '').trim() }));
  });

const user = (...args: readonly string[]) => run(...args, '--stack', 'Gatehouse-prod');

const client = () =>
  new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
const item = async (id: string) =>
  (
    await client().send(
      new GetItemCommand({ TableName: 'users', Key: { pk: { S: `user#${id}` } } }),
    )
  ).Item;

test('blocking marks the user and keeps the mark for good', async () => {
  await client().send(
    new PutItemCommand({
      TableName: 'users',
      Item: { pk: { S: `user#${sub}` }, m1: { N: '3' }, expiresAt: { N: '4000000000' } },
    }),
  );
  expect(await user('block', sub)).toEqual({
    code: 0,
    output: expect.stringContaining(`${sub} is blocked. Every new call`),
  });
  expect(await item(sub)).toEqual({
    pk: { S: `user#${sub}` },
    m1: { N: '3' },
    blocked: { BOOL: true },
    notBefore: { N: expect.stringMatching(/^\d{10}$/) },
  });
});

test('unblocking lifts it, and lets the item expire again', async () => {
  await user('block', sub);
  expect(await user('unblock', sub, '--json')).toEqual({
    code: 0,
    output: JSON.stringify({ sub, blocked: false }),
  });
  expect(await item(sub)).toEqual({
    pk: { S: `user#${sub}` },
    m1: { N: '3' },
    notBefore: { N: expect.stringMatching(/^\d{10}$/) },
    expiresAt: { N: expect.stringMatching(/^\d{10}$/) },
  });
});

test('a user can be named by email address', async () => {
  aws.calls.length = 0;
  expect(await user('block', 'ada@example.com', '--json')).toEqual({
    code: 0,
    output: JSON.stringify({ sub, blocked: true }),
  });
  expect(await item(sub)).toMatchObject({ blocked: { BOOL: true } });
  const put = aws.calls.filter(({ name }) => name === 'Logs_20140328.PutLogEvents');
  expect(put.map(({ input }) => input)).toMatchObject([
    { logGroupName: 'trail', logEvents: [{ message: expect.stringContaining('"user block"') }] },
    {
      logGroupName: 'trail',
      logEvents: [{ message: expect.stringContaining('"assumed-role/Admin/ada"') }],
    },
  ]);
});

test('the blocked can be listed', async () => {
  await user('block', sub);
  await user('block', other);
  const blocked = async () =>
    JSON.parse((await user('list', '--blocked', '--json')).output).users.map(
      (each: { readonly sub: string }) => each.sub,
    );
  expect(await blocked()).toEqual([sub, other]);
  await user('unblock', other);
  expect((await user('list', '--blocked')).output).toMatch(new RegExp(`^${sub} .* blocked$`));
});

test('grants can be listed and ended, one or all', async () => {
  const now = Math.floor(Date.now() / 1000);
  const grant = (id: string) => ({
    [`grant-${id}`]: {
      M: {
        clientId: { S: 'client_1' },
        profile: { S: 'claude' },
        scopes: { L: [] },
        generation: { N: '0' },
        replaced: { L: [] },
        session: { S: `session-${id}` },
        since: { N: String(now - 100) },
        used: { N: String(now - 50) },
        expires: { N: String(now + 1000) },
      },
    },
  });
  await client().send(
    new PutItemCommand({
      TableName: 'users',
      Item: { pk: { S: `user#${sub}` }, ...grant('a'), ...grant('b') },
    }),
  );
  const listed = async () => JSON.parse((await user('show', sub, '--json')).output).grants;
  expect((await listed()).map(({ id }: { readonly id: string }) => id).sort()).toEqual(['a', 'b']);
  expect((await user('sign-out', sub, 'a')).code).toBe(0);
  expect(await item(sub)).toMatchObject({ 'ended-session-a': { N: expect.any(String) } });
  expect(await listed()).toMatchObject([{ id: 'b', clientId: 'client_1' }]);
  expect((await user('sign-out', sub, 'a')).output).toContain(`${sub} has no grant a`);
  expect((await user('sign-out', sub)).output).toContain('is signed out everywhere');
  expect((await user('show', sub)).output).toContain('logged in nowhere');
});

test.each([
  [
    'nobody has the sub',
    ['block', '00000000-0000-4000-8000-000000000000'],
    'Nobody in the user pool eu-west-1_test has the sub 00000000-0000-4000-8000-000000000000.',
  ],
  [
    'nobody has the address',
    ['block', 'eve@example.com'],
    'Nobody in the user pool eu-west-1_test has the email address eve@example.com.',
  ],
  [
    'the address could end the filter',
    ['block', 'a" or sub ^= "@x'],
    'is neither a sub (a UUID) nor an email address.',
  ],
  ['the command is unknown', ['blok', sub], '(Did you mean block?)'],
  ['nobody is named', ['block'], "missing required argument 'user'"],
  ['an option is unknown', ['block', sub, '--jsn'], '(Did you mean --json?)'],
  [
    'it cannot be undone',
    ['delete', sub],
    'will be removed from the user pool. Say so with --yes.',
  ],
])('says what is wrong when %s', async (_, args, message) => {
  const { code, output } = await user(...args);
  expect([code, output]).toEqual([1, expect.stringContaining(message)]);
});

test.each([['--help'], ['block', '--help'], ['delete', sub, '--yes', '--help']])(
  'explains itself and does nothing: %s %s',
  async (...args) => {
    aws.calls.length = 0;
    expect(await run(...args)).toEqual({ code: 0, output: expect.stringContaining('Usage: ') });
    expect(aws.calls).toEqual([]);
  },
);
