import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { machineProfile, machineProfilePrefix } from '../../policy/machines.ts';
import { type Aws, jsonCall } from '../aws/aws.ts';

export interface MachineClient {
  readonly name: string;
  readonly clientId: string;
}

/** One of at most two, oldest first; Cognito never tells the secret itself again. */
export interface MachineSecret {
  readonly id: string;
  /** Epoch seconds. */
  readonly since: number;
}

const clients = z.looseObject({
  UserPoolClients: z
    .array(z.looseObject({ ClientId: z.string(), ClientName: z.string() }))
    .default([]),
  NextToken: z.string().optional(),
});
const listed = z.looseObject({
  ClientSecrets: z
    .array(z.looseObject({ ClientSecretId: z.string(), ClientSecretCreateDate: z.number() }))
    .default([]),
});
const added = z.looseObject({
  ClientSecretDescriptor: z.looseObject({ ClientSecretValue: z.string() }),
});

/** ListUserPoolClients gives 60 at a time. */
const pageSize = 60;

/** What a command asks the user pool about machines, each with the permission of its name. */
export interface MachinePool {
  all(): Promise<readonly MachineClient[]>;
  /** @throws UserError when the deployment has no such machine */
  find(name: string): Promise<MachineClient>;
  secrets(client: MachineClient): Promise<readonly MachineSecret[]>;
  /** @returns the secret, which nobody can read again */
  addSecret(client: MachineClient): Promise<string>;
  deleteSecret(client: MachineClient, id: string): Promise<void>;
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html */
export const machinePoolOf = (aws: Aws, userPool: string): MachinePool => {
  const call = (operation: string, input: object): Promise<unknown> =>
    jsonCall(aws, 'cognito-idp', `AWSCognitoIdentityProviderService.${operation}`, {
      UserPoolId: userPool,
      ...input,
    });
  const all = async (): Promise<readonly MachineClient[]> => {
    const found: MachineClient[] = [];
    let token: string | undefined;
    do {
      const page = clients.parse(
        await call('ListUserPoolClients', { MaxResults: pageSize, NextToken: token }),
      );
      for (const { ClientId: clientId, ClientName } of page.UserPoolClients)
        if (ClientName.startsWith(machineProfilePrefix))
          found.push({ name: ClientName.slice(machineProfilePrefix.length), clientId });
      token = page.NextToken;
    } while (token !== undefined);
    return found.sort((a, b) => a.name.localeCompare(b.name));
  };
  return {
    all,
    find: async (name) => {
      const found = (await all()).find((each) => each.name === name);
      if (found === undefined)
        throw new UserError(
          `The user pool ${userPool} has no app client ${machineProfile(name)}: name the machine in "machines" of the configuration, and deploy.`,
        );
      return found;
    },
    secrets: async ({ clientId }) =>
      listed
        .parse(await call('ListUserPoolClientSecrets', { ClientId: clientId }))
        .ClientSecrets.map(({ ClientSecretId: id, ClientSecretCreateDate: since }) => ({
          id,
          since,
        }))
        .sort((a, b) => a.since - b.since),
    addSecret: async ({ clientId }) =>
      added.parse(await call('AddUserPoolClientSecret', { ClientId: clientId }))
        .ClientSecretDescriptor.ClientSecretValue,
    deleteSecret: async ({ clientId }, id) => {
      await call('DeleteUserPoolClientSecret', { ClientId: clientId, ClientSecretId: id });
    },
  };
};
