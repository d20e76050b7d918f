import type { Table } from '../lambdas/aws/table.ts';
import { endGrant, listGrants } from '../lambdas/store/grants.ts';
import { blockUser, signOutUser, type Updates, unblockUser } from '../lambdas/store/users.ts';
import { UserError } from '../lib/user-error.ts';

/** What a command did: a sentence for people, an object for programs. */
export interface Outcome {
  readonly text: string;
  readonly json: object;
}

type Users = Updates & Pick<Table, 'get'>;

const session =
  "Cognito's session in their browser lasts up to an hour and is not ended by this: reset the password or sign them out in Cognito too.";

const block = async (users: Users, sub: string, now: Date): Promise<Outcome> => {
  await blockUser(users, sub, now);
  const text = `${sub} is blocked. Every new call, refresh and login is refused from now on, and what was issued before stays refused after an unblock. A call that is running goes on until it ends (15 minutes at most). ${session}`;
  return { text, json: { sub, blocked: true } };
};

const unblock = async (users: Users, sub: string, now: Date): Promise<Outcome> => {
  await unblockUser(users, sub, now);
  const text = `${sub} is unblocked. They have to log in again in each client: nothing from before works.`;
  return { text, json: { sub, unblocked: true } };
};

const sessions = async (users: Users, sub: string, now: Date): Promise<Outcome> => {
  const grants = await listGrants(users, sub, now);
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);
  const lines = grants.map(
    ({ id, clientId, profile, since, used }) =>
      `${id}  ${profile}  since ${time(since)}Z  last used ${time(used)}Z  ${clientId}`,
  );
  return {
    text: lines.join('\n') || `${sub} is logged in nowhere.`,
    json: { sub, sessions: grants },
  };
};

const signOut = async (users: Users, sub: string, now: Date, id?: string): Promise<Outcome> => {
  if (id === undefined) {
    await signOutUser(users, sub, now);
    const text = `${sub} is signed out everywhere: every call and refresh of a login until now is refused. They may log in again. A call that is running goes on until it ends (15 minutes at most). ${session}`;
    return { text, json: { sub, signedOut: true } };
  }
  const grant = (await listGrants(users, sub, now)).find((each) => each.id === id);
  if (grant === undefined) throw new UserError(`${sub} has no session ${id}.`);
  await endGrant(users, sub, id, grant.session, now);
  const text = `The session ${id} of ${sub} has ended: its next call and refresh are refused. Their other sessions go on.`;
  return { text, json: { sub, signedOut: id } };
};

/** The commands that name a person. */
export const userCommands: Readonly<
  Record<string, (users: Users, sub: string, now: Date, id?: string) => Promise<Outcome>>
> = { block, unblock, sessions, 'sign-out': signOut };
