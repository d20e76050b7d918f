import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { type Aws, jsonCall } from '../aws/aws.ts';

const attributes = z
  .array(z.looseObject({ Name: z.string(), Value: z.string().default('') }))
  .default([])
  .transform((list) => new Map(list.map(({ Name, Value }) => [Name, Value])));

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserType.html */
const userType = z
  .looseObject({
    Username: z.string(),
    Enabled: z.boolean().default(true),
    UserStatus: z.string().default('UNKNOWN'),
    UserCreateDate: z.number().optional(),
    Attributes: attributes,
  })
  .transform(({ Username, Enabled, UserStatus, UserCreateDate, Attributes }) => ({
    username: Username,
    sub: Attributes.get('sub') ?? '',
    email: Attributes.get('email'),
    emailVerified: Attributes.get('email_verified') === 'true',
    isEnabled: Enabled,
    /** `CONFIRMED`, `FORCE_CHANGE_PASSWORD` (invited), `RESET_REQUIRED`, `EXTERNAL_PROVIDER`, … */
    status: UserStatus,
    /** Epoch seconds. */
    since: UserCreateDate,
  }));

/** Somebody in the user pool. */
export type Person = z.infer<typeof userType>;

const listed = z.looseObject({
  Users: z.array(userType).default([]),
  PaginationToken: z.string().optional(),
});
const groups = z.looseObject({
  Groups: z.array(z.looseObject({ GroupName: z.string() })).default([]),
  NextToken: z.string().optional(),
});
const created = z.looseObject({ User: userType });

/** ListUsers and ListGroups give 60 at a time. */
const pageSize = 60;

/** The operations of a user pool that people need, each with the permission of its name. */
export interface UserPool {
  /** @throws AwsError with `UsernameExistsException` */
  create(email: string, again: boolean): Promise<Person>;
  users(): AsyncIterable<Person>;
  /** @throws UserError when nobody, or more than one, is meant */
  find(user: string): Promise<Person>;
  groups(): Promise<readonly string[]>;
  groupsOf(person: Person): Promise<readonly string[]>;
  /** @throws AwsError with `GroupExistsException` */
  createGroup(name: string): Promise<void>;
  addToGroup(person: Person, group: string): Promise<void>;
  removeFromGroup(person: Person, group: string): Promise<void>;
  resetPassword(person: Person): Promise<void>;
  delete(person: Person): Promise<void>;
}

const subject = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const address = /^[^\s"\\@]+@[^\s"\\@]+$/;

export const isAddress = (text: string): boolean => text.length <= 254 && address.test(text);

export const userPoolOf = (aws: Aws, id: string): UserPool => {
  const call = (operation: string, input: object): Promise<unknown> =>
    jsonCall(aws, 'cognito-idp', `AWSCognitoIdentityProviderService.${operation}`, {
      UserPoolId: id,
      ...input,
    });
  const allGroups = async (operation: string, input: object): Promise<readonly string[]> => {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = groups.parse(
        await call(operation, { ...input, Limit: pageSize, NextToken: token }),
      );
      names.push(...page.Groups.map(({ GroupName }) => GroupName));
      token = page.NextToken;
    } while (token !== undefined);
    return names.sort();
  };
  return {
    create: async (email, again) =>
      created.parse(
        await call('AdminCreateUser', {
          Username: email,
          UserAttributes: [
            { Name: 'email', Value: email },
            // Without it no token has an email, and no password can be reset.
            { Name: 'email_verified', Value: 'true' },
          ],
          DesiredDeliveryMediums: ['EMAIL'],
          ...(again && { MessageAction: 'RESEND' }),
        }),
      ).User,
    users: async function* () {
      let token: string | undefined;
      do {
        const page = listed.parse(
          await call('ListUsers', { Limit: pageSize, PaginationToken: token }),
        );
        yield* page.Users;
        token = page.PaginationToken;
      } while (token !== undefined);
    },
    find: async (user) => {
      const name = subject.test(user) ? 'sub' : 'email';
      if (name === 'email' && !isAddress(user))
        throw new UserError(`${user} is neither a sub (a UUID) nor an email address.`);
      const { Users } = listed.parse(await call('ListUsers', { Filter: `${name} = "${user}"` }));
      const [person, ...more] = Users;
      const words = name === 'sub' ? 'sub' : 'email address';
      if (person === undefined)
        throw new UserError(`Nobody in the user pool ${id} has the ${words} ${user}.`);
      if (more.length > 0)
        throw new UserError(
          `${more.length + 1} users have the email address ${user}: name one by sub.`,
        );
      return person;
    },
    groups: () => allGroups('ListGroups', {}),
    groupsOf: ({ username }) => allGroups('AdminListGroupsForUser', { Username: username }),
    createGroup: async (name) => {
      await call('CreateGroup', { GroupName: name });
    },
    addToGroup: async ({ username }, group) => {
      await call('AdminAddUserToGroup', { Username: username, GroupName: group });
    },
    removeFromGroup: async ({ username }, group) => {
      await call('AdminRemoveUserFromGroup', { Username: username, GroupName: group });
    },
    resetPassword: async ({ username }) => {
      await call('AdminResetUserPassword', { Username: username });
    },
    delete: async ({ username }) => {
      await call('AdminDeleteUser', { Username: username });
    },
  };
};
