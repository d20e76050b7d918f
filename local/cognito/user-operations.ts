import * as z from 'zod';
import type { LoopbackResponse } from '../loopback/request.ts';
import { apiError, ok } from './api-response.ts';
import { codeMail, invitationMail } from './mail.ts';
import type { Pool } from './pool.ts';
import type { Person } from './users.ts';

export type Operation = (
  pool: Pool,
  input: unknown,
) => LoopbackResponse | Promise<LoopbackResponse>;

const attributesOf = ({ attributes }: Person) =>
  Object.entries(attributes)
    .filter(([name]) => !name.startsWith('cognito:'))
    .map(([Name, Value]) => ({ Name, Value }));

/** Dates are epoch seconds on the wire. */
const described = (person: Person) => ({
  Username: person.username,
  Enabled: true,
  UserStatus: person.status,
  UserCreateDate: person.since,
  UserLastModifiedDate: person.since,
  Attributes: attributesOf(person),
});

/** Of ListUsers' filters only an exact one by email or sub: `email = "dev@example.com"`. */
export const readUserFilter = (
  filter: string,
): { readonly attribute: 'email' | 'sub'; readonly value: string } | undefined => {
  const [, attribute, value] = /^\s*(email|sub)\s*=\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? [];
  if (value === undefined || (attribute !== 'email' && attribute !== 'sub')) return undefined;
  return { attribute, value: value.replace(/\\(.)/g, '$1') };
};

const listUsersInput = z.object({
  Filter: z.string().optional(),
  Limit: z.number().int().min(0).max(60).default(60),
  PaginationToken: z.string().optional(),
});

const found = (pool: Pool, filter: string): readonly Person[] | undefined => {
  const read = readUserFilter(filter);
  if (read === undefined) return undefined;
  const person =
    read.attribute === 'email'
      ? pool.directory.byEmail(read.value)
      : pool.directory.bySub(read.value);
  return person === undefined ? [] : [person];
};

/** The token of a page is where it begins. */
const pageOf = <T>(all: readonly T[], limit: number, token: string | undefined) => {
  const from = Number(token ?? 0);
  const next = from + limit;
  return {
    page: all.slice(from, next),
    ...(next < all.length && { next: String(next) }),
  };
};

const username = z.object({ Username: z.string() });
const membership = username.extend({ GroupName: z.string() });
const noUser = () => apiError('UserNotFoundException', 'User does not exist.');
const noGroup = () => apiError('ResourceNotFoundException', 'Group not found.');

/** An operation on one user, who has to be there. */
const ofUser =
  <T extends { readonly Username: string }>(
    input: z.ZodType<T>,
    operation: (pool: Pool, person: Person, input: T) => LoopbackResponse,
  ): Operation =>
  (pool, given) => {
    const read = input.parse(given);
    const person = pool.directory.byName(read.Username);
    return person === undefined ? noUser() : operation(pool, person, read);
  };

const createUserInput = username.extend({
  UserAttributes: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  DesiredDeliveryMediums: z.tuple([z.literal('EMAIL')]),
  MessageAction: z.literal('RESEND').optional(),
});

const createUser: Operation = async (pool, input) => {
  const { Username, UserAttributes, MessageAction } = createUserInput.parse(input);
  const known = pool.directory.byName(Username);
  const send = (person: Person, password: string) => {
    pool.sendMail(invitationMail(person.email, password));
    return ok({ User: described(person) });
  };
  if (MessageAction === 'RESEND') {
    if (known === undefined) return noUser();
    if (known.status !== 'FORCE_CHANGE_PASSWORD')
      return apiError(
        'UnsupportedUserStateException',
        `Resend not possible. ${known.username} status is not FORCE_CHANGE_PASSWORD`,
      );
    const password = await pool.directory.inviteAgain(known.sub);
    return send(known, password);
  }
  if (known !== undefined)
    return apiError('UsernameExistsException', 'An account with the given email already exists.');
  const attributes = new Map(UserAttributes.map(({ Name, Value }) => [Name, Value]));
  if (!/^[^\s@]+@[^\s@]+$/.test(Username) || attributes.get('email') !== Username)
    return apiError('InvalidParameterException', 'Username should be an email.');
  const { person, temporaryPassword } = await pool.directory.invite(Object.fromEntries(attributes));
  return send(person, temporaryPassword);
};

/** Operations on users and groups, with the errors that the service is known to give. */
export const userOperations: Readonly<Record<string, Operation>> = {
  AdminCreateUser: createUser,
  ListUsers: (pool, input) => {
    const { Filter, Limit, PaginationToken } = listUsersInput.parse(input);
    const users = Filter === undefined ? pool.directory.all() : found(pool, Filter);
    if (users === undefined)
      return apiError(
        'InvalidParameterException',
        'Only filters by email or sub with = are emulated here.',
      );
    const { page, next } = pageOf(users, Limit, PaginationToken);
    return ok({ Users: page.map(described), ...(next !== undefined && { PaginationToken: next }) });
  },
  ListGroups: (pool) => ok({ Groups: pool.groups.all().map((GroupName) => ({ GroupName })) }),
  CreateGroup: (pool, input) => {
    const { GroupName } = z.object({ GroupName: z.string().min(1).max(128) }).parse(input);
    if (pool.groups.all().includes(GroupName))
      return apiError('GroupExistsException', 'A group with the name already exists.');
    pool.groups.add(GroupName);
    return ok({ Group: { GroupName, UserPoolId: pool.configuration.userPoolId } });
  },
  AdminListGroupsForUser: ofUser(username, (_pool, { groups }) =>
    ok({ Groups: groups.map((GroupName) => ({ GroupName })) }),
  ),
  AdminAddUserToGroup: ofUser(membership, (pool, { sub, groups }, { GroupName }) => {
    if (!pool.groups.all().includes(GroupName)) return noGroup();
    pool.directory.setGroups(sub, [...new Set([...groups, GroupName])]);
    return ok({});
  }),
  AdminRemoveUserFromGroup: ofUser(membership, (pool, { sub, groups }, { GroupName }) => {
    if (!pool.groups.all().includes(GroupName)) return noGroup();
    pool.directory.setGroups(
      sub,
      groups.filter((name) => name !== GroupName),
    );
    return ok({});
  }),
  AdminResetUserPassword: ofUser(username, (pool, { sub, email, status, attributes }) => {
    if (status === 'FORCE_CHANGE_PASSWORD')
      return apiError(
        'NotAuthorizedException',
        'User password cannot be reset in the current state.',
      );
    if (attributes['email_verified'] !== 'true')
      return apiError(
        'InvalidParameterException',
        'Cannot reset password for the user as there is no registered/verified email or phone_number',
      );
    pool.sendMail(codeMail(email, pool.directory.reset(sub)));
    return ok({});
  }),
  AdminDeleteUser: ofUser(username, (pool, { sub }) => {
    pool.directory.delete(sub);
    return ok({});
  }),
};
