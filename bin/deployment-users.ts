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

/** Whether it is a `sub` already; anything else is looked up in the user pool. */
export const isSubject = (user: string): boolean => subject.test(user);

/** The `sub` of an email address. */
export const subjectOf = async (
  cognito: CognitoIdentityProviderClient,
  userPool: string,
  email: string,
): Promise<string> => {
  if (!/^[^\s"\\@]+@[^\s"\\@]+$/.test(email))
    throw new UserError(`${email} is neither a sub (a UUID) nor an email address.`);
  const { Users: users = [] } = await cognito.send(
    new ListUsersCommand({ UserPoolId: userPool, Filter: `email = "${email}"` }),
  );
  const [sub, ...more] = users.flatMap(
    ({ Attributes }) => Attributes?.find(({ Name }) => Name === 'sub')?.Value ?? [],
  );
  if (sub === undefined)
    throw new UserError(`Nobody in the user pool ${userPool} has the email address ${email}.`);
  if (more.length > 0)
    throw new UserError(
      `${more.length + 1} users have the email address ${email}: name one by sub.`,
    );
  return sub;
};
