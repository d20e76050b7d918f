import * as z from 'zod';
import type { TrailSubjects } from '../../lambdas/logging/trail.ts';
import { UserError } from '../../lib/user-error.ts';
import { trailSubjects } from '../../policy/audit-trail.ts';
import { type Aws, listOf, makeAws, queryCall } from '../aws/aws.ts';
import { callerName } from '../aws/caller.ts';
import { type Account, findCredentials, findRegion } from '../aws/credentials.ts';
import { AwsError } from '../aws/error.ts';
import { operatorTrail } from './operator-trail.ts';
import { scanOf, tableOf } from './table.ts';
import type { Target } from './target.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const described = z.looseObject({
  Stacks: listOf(
    z.looseObject({
      StackStatus: z.string(),
      Outputs: listOf(z.looseObject({ OutputKey: z.string(), OutputValue: z.string() })),
    }),
  ),
});

export interface DeployedStack {
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** @returns undefined where there is no such stack */
export const readStack = async (aws: Aws, name: string): Promise<DeployedStack | undefined> => {
  try {
    const response = await queryCall(aws, 'cloudformation', '2010-05-15', 'DescribeStacks', {
      StackName: name,
    });
    const [stack] = described.parse(response).Stacks;
    return (
      stack && {
        status: stack.StackStatus,
        outputs: Object.fromEntries(
          stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
        ),
      }
    );
  } catch (error) {
    // DescribeStacks has no code of its own for it: "Stack with id X does not exist".
    if (error instanceof AwsError && error.code === 'ValidationError') return undefined;
    throw error;
  }
};

interface Named {
  readonly stack: string;
  /** Of the construct, where the stack has several. */
  readonly path: string | undefined;
  readonly account: Account;
}

/** @throws UserError where the stack is not there, or is no Gatehouse */
export const stackTarget = async ({ stack: name, path, account }: Named): Promise<Target> => {
  const region = await findRegion(account);
  const aws = makeAws({ region, credentials: await findCredentials(account) });
  const stack = await readStack(aws, name);
  if (stack === undefined)
    throw new UserError(
      `There is no stack ${name} in ${region}: "npx cdk ls" lists the names, --region and --profile say where.`,
    );
  const output = (key: string): string => {
    const found = outputsOf(stack, key, path);
    const [value, ...more] = Object.values(found);
    if (value === undefined)
      throw new UserError(`The stack ${name} has no output ${key}: it holds no such Gatehouse.`);
    if (more.length > 0)
      throw new UserError(
        `The stack ${name} holds several Gatehouses (${Object.keys(found).join(', ')}): name one with --path.`,
      );
    return value;
  };
  const tableName = output('TableName');
  return {
    title: `stack ${name} in ${region}`,
    isLocal: false,
    mcpUrl: output('McpUrl'),
    userPool: output('UserPoolId'),
    tableName,
    alarmTopic: Object.values(outputsOf(stack, 'AlarmTopicArn', path))[0],
    aws,
    table: tableOf(aws, tableName),
    scan: scanOf(aws, tableName),
    write: operatorTrail({
      aws,
      logGroup: Object.values(outputsOf(stack, 'AuditTrailLogGroup', path))[0],
      subjects: subjectsOf(stack, path),
      operator: () => callerName(aws),
    }),
  };
};

/** A deployment that does not say is older than the output: a hash gives nobody away. */
const subjectsOf = (stack: DeployedStack, path: string | undefined): TrailSubjects => {
  const [said] = Object.values(outputsOf(stack, 'AuditTrailSubjects', path));
  return trailSubjects.find((each) => each === said) ?? 'hashed';
};

/** By its name, or as CDK names an output of a construct: its path, its name and a hash (lib/outputs.ts). */
const outputsOf = (
  { outputs }: DeployedStack,
  key: string,
  path: string | undefined,
): Readonly<Record<string, string>> => {
  const exact = outputs[key];
  if (exact !== undefined && path === undefined) return { [key]: exact };
  // The stack's own name stands in no logical id.
  const inStack = path
    ?.split('/')
    .slice(1)
    .join('')
    .replaceAll(/[^A-Za-z0-9]/g, '');
  const isNamed = new RegExp(`^${inStack ?? '[A-Za-z0-9]*'}${key}[0-9A-F]{8}$`);
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => isNamed.test(name)));
};
