import * as fc from 'fast-check';
import { toAttributes, wireItem } from '../../../lambdas/aws/attribute-value.ts';
import { clientSecret } from '../../../lambdas/aws/cognito-client-secrets.ts';
import { endpointOf } from '../../../lambdas/aws/endpoint.ts';
import {
  ConditionFailed,
  type Table,
  TableRefused,
  TableThrottled,
  TableUnreachable,
  table,
} from '../../../lambdas/aws/table.ts';
import type { Dynamodb } from '../../../local/dynamodb/dynamodb.ts';
import { startEmulatedTable } from './emulated-table.ts';

let dynamodb: Dynamodb;
let store: Table;

beforeAll(async () => {
  ({ store, dynamodb } = await startEmulatedTable());
});

afterAll(() => dynamodb.stop());

const absent = { condition: 'attribute_not_exists(pk)' };

it('keeps what it is given, and gives it back', async () => {
  const item = {
    pk: 'a',
    text: 'é"\\',
    number: -1.5,
    yes: true,
    nothing: null,
    list: ['x', 1, ['y']],
    map: { deep: { er: [] } },
  };
  await store.put(item);
  expect(await store.get('a', { consistent: true })).toEqual(item);
  expect(await store.get('none', { consistent: true })).toBeUndefined();
});

it('writes only where a condition holds, and shows what stood against it', async () => {
  await store.put({ pk: 'b', value: 1 }, absent);
  await expect(store.put({ pk: 'b', value: 2 }, absent)).rejects.toEqual(
    new ConditionFailed({ pk: 'b', value: 1 }),
  );
  const update = {
    pk: 'b',
    update: 'SET #v = :new',
    condition: '#v = :old',
    names: { '#v': 'value' },
  };
  expect(await store.update({ ...update, values: { ':new': 3, ':old': 1 } })).toEqual({
    pk: 'b',
    value: 3,
  });
  await expect(store.update({ ...update, values: { ':new': 4, ':old': 1 } })).rejects.toMatchObject(
    { item: { pk: 'b', value: 3 } },
  );
  expect(
    await store.delete('b', {
      condition: '#v = :old',
      names: { '#v': 'value' },
      values: { ':old': 3 },
    }),
  ).toEqual({
    pk: 'b',
    value: 3,
  });
  await expect(store.delete('b', { condition: 'attribute_exists(pk)' })).rejects.toEqual(
    new ConditionFailed(undefined),
  );
  expect(await store.delete('b')).toBeUndefined();
});

it('says how it fails: throttled, unreachable (and whether anything was sent), or refused', async () => {
  const get = () => store.get('a', { consistent: true });
  await dynamodb.faults.set({ kind: 'throttled' });
  await expect(get()).rejects.toBeInstanceOf(TableThrottled);
  await dynamodb.faults.set({ kind: 'status500' });
  await expect(get()).rejects.toMatchObject({ name: 'TableError', wasSent: true });
  await dynamodb.faults.set({ kind: 'garbage' });
  await expect(get()).rejects.toBeInstanceOf(TableUnreachable);
  await dynamodb.faults.set({ kind: 'refused' });
  await expect(get()).rejects.toMatchObject({ wasSent: false });
  await dynamodb.faults.set({ kind: 'slow', milliseconds: 3000 });
  await expect(
    table({ name: 'state', region: 'us-east-1', timeoutMs: 100 }).get('a', { consistent: true }),
  ).rejects.toMatchObject({
    wasSent: true,
  });
  await dynamodb.faults.clear();
  await expect(
    table({ name: 'gone', region: 'us-east-1' }).get('a', { consistent: true }),
  ).rejects.toBeInstanceOf(TableRefused);
  expect(await get()).toBeDefined();
});

it('turns any item into DynamoDB’s form and back', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.oneof(
    scalar,
    fc.array(scalar),
    fc.dictionary(fc.string(), fc.oneof(scalar, fc.array(scalar))),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (item) => {
      expect(wireItem.parse(JSON.parse(JSON.stringify(toAttributes(item))))).toEqual({ ...item });
    }),
    { numRuns: 300 },
  );
});

it.each([
  ['no object', 'text'],
  ['nothing', null],
  ['a list', []],
  ['an attribute without a type', { pk: {} }],
  ['an attribute of two types', { pk: { S: 'a', N: '1' } }],
  ['an attribute of a type that is not ours', { pk: { B: 'AAAA' } }],
  ['a value of another type', { pk: { S: 1 } }],
  ['a number that is no text', { pk: { N: 1 } }],
  ['a text for yes', { pk: { BOOL: 'true' } }],
  ['a null that is not', { pk: { NULL: false } }],
  ['a list that is none', { pk: { L: {} } }],
  ['a map that is a list', { pk: { M: [] } }],
  ['a fault deep within', { pk: { L: [{ M: { a: { N: 1 } } }] } }],
])('reads no item of %s', (_, wire) => {
  expect(wireItem.safeParse(wire).success).toBe(false);
});

it('asks the regional endpoint, or the one that the SDKs’ own setting names', () => {
  expect(endpointOf('dynamodb', 'eu-west-1', {}).href).toBe(
    'https://dynamodb.eu-west-1.amazonaws.com/',
  );
  expect(endpointOf('cognito-idp', 'cn-north-1', {}).href).toBe(
    'https://cognito-idp.cn-north-1.amazonaws.com.cn/',
  );
  expect(
    endpointOf('dynamodb', 'eu-west-1', { AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000' })
      .href,
  ).toBe('http://localhost:8000/');
});

it('does not say what Cognito responded when it gives no secret', async () => {
  // The emulated DynamoDB knows no such operation and says so at length.
  process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'] = dynamodb.endpoint;
  const request = clientSecret({ region: 'us-east-1', userPoolId: 'us-east-1_A' }, 'appclaude');
  await expect(request).rejects.toThrow(/^DescribeUserPoolClient failed with status 4\d\d\.$/);
});
