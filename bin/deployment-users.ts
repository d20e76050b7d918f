import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  type CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { UserError } from '../lib/user-error.ts';

/** Where a deployment keeps its users. */
export interface Deployment {
  readonly table: string;
  readonly userPool: string;
}

/** Reads the stack's outputs. */
export const readDeployment = async (
  cloudformation: CloudFormationClient,
  stack: string,
): Promise<Deployment> => {
  const { Stacks: [found] = [] } = await cloudformation.send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  const output = (key: string): string => {
    const value = found?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    if (value === undefined)
      throw new UserError(
        `The stack ${stack} has no output ${key}: is it a Gatehouse? Name it with --stack, or give --table and --user-pool.`,
      );
    return value;
  };
  return { table: output('TableName'), userPool: output('UserPoolId') };
};

const subject = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The `sub` of a person, named by it or by their email address. Both are looked up: a command that
 * names nobody must not say that it was done.
 */
export const subjectOf = async (
  cognito: CognitoIdentityProviderClient,
  userPool: string,
  user: string,
): Promise<string> => {
  const name = subject.test(user) ? 'sub' : 'email';
  if (name === 'email' && !/^[^\s"\\@]+@[^\s"\\@]+$/.test(user))
    throw new UserError(`${user} is neither a sub (a UUID) nor an email address.`);
  const { Users: users = [] } = await cognito.send(
    new ListUsersCommand({ UserPoolId: userPool, Filter: `${name} = "${user}"` }),
  );
  const [sub, ...more] = users.flatMap(
    ({ Attributes }) => Attributes?.find(({ Name }) => Name === 'sub')?.Value ?? [],
  );
  const words = name === 'sub' ? 'sub' : 'email address';
  if (sub === undefined)
    throw new UserError(`Nobody in the user pool ${userPool} has the ${words} ${user}.`);
  if (more.length > 0)
    throw new UserError(
      `${more.length + 1} users have the email address ${user}: name one by sub.`,
    );
  return sub;
};
