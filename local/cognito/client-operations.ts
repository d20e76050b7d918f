import { createHash } from 'node:crypto';
import * as z from 'zod';
import { apiError, ok } from './api-response.ts';
import type { AppClient } from './app-client.ts';
import type { Pool } from './pool.ts';
import type { Operation } from './user-operations.ts';

const clientInput = z.object({ ClientId: z.string() });

const secretId = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Oldest first: how long each has been there is told by its place alone. */
const secretsOf = ({ clientSecret, previousClientSecret }: AppClient): readonly string[] =>
  [previousClientSecret, clientSecret].filter((secret) => secret !== undefined);

const ofClient =
  (answer: (pool: Pool, client: AppClient, input: unknown) => ReturnType<Operation>): Operation =>
  (pool, input) => {
    const { ClientId } = clientInput.parse(input);
    const client = pool.client(ClientId);
    return client
      ? answer(pool, client, input)
      : apiError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
  };

/** What `gatehouse machine` calls: at most two secrets a client, none of which is told again. */
export const clientOperations: Readonly<Record<string, Operation>> = {
  ListUserPoolClients: (pool) =>
    ok({
      UserPoolClients: pool.clients().map(({ clientId, clientName }) => ({
        ClientId: clientId,
        ClientName: clientName,
        UserPoolId: pool.configuration.userPoolId,
      })),
    }),
  ListUserPoolClientSecrets: ofClient((pool, client) =>
    ok({
      ClientSecrets: secretsOf(client).map((secret, index) => ({
        ClientSecretId: secretId(secret),
        ClientSecretCreateDate: pool.now() + index,
      })),
    }),
  ),
  AddUserPoolClientSecret: ofClient((pool, client) => {
    if (secretsOf(client).length > 1)
      return apiError('LimitExceededException', 'An app client has at most two secrets.');
    const secret = pool.addClientSecret(client.clientId);
    return ok({
      ClientSecretDescriptor: {
        ClientSecretId: secretId(secret),
        ClientSecretValue: secret,
        ClientSecretCreateDate: pool.now(),
      },
    });
  }),
  DeleteUserPoolClientSecret: ofClient((pool, client, input) => {
    const { ClientSecretId } = z.object({ ClientSecretId: z.string() }).parse(input);
    const [first, ...rest] = secretsOf(client);
    if (rest.length === 0)
      return apiError('InvalidParameterException', 'The last secret cannot be deleted.');
    if (first === undefined || secretId(first) !== ClientSecretId)
      return apiError('ResourceNotFoundException', 'Only the older secret can be deleted here.');
    pool.dropOlderClientSecret(client.clientId);
    return ok({});
  }),
};
