import { blockUser, unblockUser } from '../../lambdas/store/users.ts';
import { UserError } from '../../lib/user-error.ts';
import { machineSubject } from '../../policy/machines.ts';
import { recorded } from '../target/operator-trail.ts';
import type { Target } from '../target/target.ts';
import type { Outcome } from '../terminal/outcome.ts';
import type { MachinePool } from './cognito.ts';

/** Where a deployment keeps its machines. */
export interface Machines {
  readonly pool: MachinePool;
  readonly target: Pick<Target, 'table' | 'write'>;
  readonly now: Date;
}

const list = async ({ pool }: Machines): Promise<Outcome> => {
  const machines = await Promise.all(
    (await pool.all()).map(async (client) => ({
      ...client,
      secrets: (await pool.secrets(client)).length,
    })),
  );
  const lines = machines.map(
    ({ name, clientId, secrets }) => `${name}  ${clientId}  secrets: ${secrets}`,
  );
  return { text: lines.join('\n') || 'There are no machines.', json: { machines } };
};

/**
 * Adds a secret beside the one in use. @throws UserError while there are two: the older one must
 * end first
 */
const secret = async ({ pool, target }: Machines, name: string): Promise<Outcome> => {
  const client = await pool.find(name);
  if ((await pool.secrets(client)).length > 1)
    throw new UserError(
      `${name} has two secrets, and Cognito takes no third: end the older one with "gatehouse machine secret ${name} --end-previous".`,
    );
  const value = await recorded(
    target.write,
    { command: 'machine secret', sub: machineSubject(name) },
    () => pool.addSecret(client),
  );
  const text = `client id  ${client.clientId}
secret     ${value}

Nobody can read it again. The one from before works too, until "gatehouse machine secret ${name} --end-previous".`;
  return { text, json: { machine: name, clientId: client.clientId, secret: value } };
};

/** Ends the older of two secrets. */
const endPrevious = async ({ pool, target }: Machines, name: string): Promise<Outcome> => {
  const client = await pool.find(name);
  const [previous, ...newer] = await pool.secrets(client);
  if (previous === undefined || newer.length === 0)
    throw new UserError(
      `${name} has one secret: make another with "gatehouse machine secret ${name}" first.`,
    );
  await recorded(
    target.write,
    { command: 'machine secret', sub: machineSubject(name), detail: 'ends the older one' },
    () => pool.deleteSecret(client, previous.id),
  );
  const text = `The older secret of ${name} works no longer. A token that it got holds for its minutes: block the machine for it to end at once.`;
  return { text, json: { machine: name, clientId: client.clientId, ended: true } };
};

const block = async ({ pool, target, now }: Machines, name: string): Promise<Outcome> => {
  await pool.find(name);
  await recorded(target.write, { command: 'machine block', sub: machineSubject(name) }, () =>
    blockUser(target.table, machineSubject(name), now),
  );
  const text = `${name} is blocked: its next call and its next token are refused, and what was issued before stays refused after an unblock.`;
  return { text, json: { machine: name, blocked: true } };
};

const unblock = async ({ pool, target, now }: Machines, name: string): Promise<Outcome> => {
  await pool.find(name);
  await recorded(target.write, { command: 'machine unblock', sub: machineSubject(name) }, () =>
    unblockUser(target.table, machineSubject(name), now),
  );
  const text = `${name} is unblocked: it gets a new token with its secret.`;
  return { text, json: { machine: name, unblocked: true } };
};

export const machineActions = { list, secret, endPrevious, block, unblock };
