import { crc32 } from 'node:zlib';
import { accessKeyIn } from '../iam/access-key.ts';
import type { Action } from '../iam/role-policy.ts';
import { type ServiceFault, startListener } from '../loopback/listener.ts';
import type { LoopbackRequest, LoopbackResponse } from '../loopback/request.ts';
import { actionOf } from './action.ts';
import { type BackendResponse, startBackend } from './backend.ts';
import type { Dynamodb, DynamodbConfiguration } from './configuration.ts';
import { putItems, readItems } from './items.ts';
import { makeKeyLocks } from './key-locks.ts';
import { dynamodbError, isOperation, type Operation, operations, parseJson } from './operations.ts';
import { readTable } from './template.ts';

export type { Dynamodb, DynamodbConfiguration } from './configuration.ts';

/** DynamoDB's own bound on a request. */
const requestBytes = 16 * 1024 * 1024;

/** SDKs check the body's CRC32. */
const response = ({ status, body }: BackendResponse): LoopbackResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': String(crc32(body)) },
  body,
});

const operationOf = ({ method, headers }: LoopbackRequest): string | undefined => {
  const target = headers['x-amz-target'];
  return method === 'POST' && typeof target === 'string'
    ? /^DynamoDB_20120810\.(\w+)$/.exec(target)?.[1]
    : undefined;
};

const faultAnswer = (fault: ServiceFault): BackendResponse =>
  fault.kind === 'status500'
    ? dynamodbError(
        'InternalServerError',
        'The request processing has failed because of an unknown error.',
        500,
      )
    : dynamodbError(
        fault.exception ?? 'ProvisionedThroughputExceededException',
        'The level of configured throughput was exceeded.',
      );

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const notAuthorized = ({ action, resource, leadingKeys }: Action): BackendResponse =>
  dynamodbError(
    'AccessDeniedException',
    `The function's role is not authorized to perform: ${action} on resource: ${resource}${leadingKeys ? ` for ${leadingKeys.join()}` : ''} because no identity-based policy allows the ${action} action`,
  );

/** Starts the emulated DynamoDB and creates the tables. */
export const startDynamodb = async ({
  tables,
  permits = () => true,
  port = 0,
  items = {},
}: DynamodbConfiguration): Promise<Dynamodb> => {
  const definitions = tables.map((table) => ({
    tableName: table.tableName,
    arn: table.arn ?? '',
    ...readTable(table),
  }));
  const keys = new Map(
    definitions.map(({ tableName, keyAttributes }) => [tableName, keyAttributes]),
  );
  const named = new Map(
    definitions.map(({ tableName, arn, keyAttributes: [partitionKey = ''] }) => [
      tableName,
      { arn, partitionKey },
    ]),
  );
  const counts = new Map<Operation, number>();
  const locks = makeKeyLocks();
  const backend = await startBackend();

  const received = async (request: LoopbackRequest): Promise<LoopbackResponse> => {
    const name = operationOf(request);
    if (name === undefined || !isOperation(name)) {
      return response(
        dynamodbError(
          'UnknownOperationException',
          'The local runtime does not emulate this operation of DynamoDB.',
        ),
      );
    }
    const accessKeyId = accessKeyIn(request);
    if (accessKeyId === '') {
      return response(
        dynamodbError('MissingAuthenticationTokenException', 'Request must contain a signature.'),
      );
    }
    const action = actionOf(name, parseJson(request.body), named);
    if (action && !permits(accessKeyId, action)) return response(notAuthorized(action));
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return response(await operations[name](backend, locks, keys, request.body));
  };

  try {
    for (const { createTable, tableName } of definitions) {
      const created = await backend.call('CreateTable', JSON.stringify(createTable));
      if (created.status !== 200)
        throw new Error(`The emulated DynamoDB could not create a table: ${created.body}`);
      await putItems(backend, tableName, items[tableName] ?? []);
    }
    const listener = await startListener({
      port,
      maximumBodyBytes: requestBytes,
      answer: received,
      faultResponse: (fault) => response(faultAnswer(fault)),
    });
    return {
      endpoint: `http://localhost:${listener.port}`,
      port: listener.port,
      faults: listener.faults,
      counts: () => Object.fromEntries(counts),
      resetCounts: () => counts.clear(),
      items: async () => {
        const kept: Record<string, unknown[]> = {};
        for (const { tableName } of definitions)
          kept[tableName] = await readItems(backend, tableName);
        return kept;
      },
      stop: async () => {
        await listener.stop();
        await backend.stop();
      },
    };
  } catch (error) {
    await backend.stop();
    throw error;
  }
};
