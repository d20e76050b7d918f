import * as z from 'zod';
import { type Aws, jsonCall, listOf, queryCall } from '../../aws/aws.ts';
import { AwsError } from '../../aws/error.ts';
import { readStack } from '../../target/stack.ts';
import type { Check, Faults, Findings } from '../check.ts';
import { type Account, resourcesOf, withAws } from './account.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
const stackResources = z.looseObject({
  StackResources: listOf(
    z.looseObject({
      LogicalResourceId: z.string(),
      PhysicalResourceId: z.string().default(''),
      ResourceType: z.string(),
      ResourceStatus: z.string(),
    }),
  ),
});
const tagged = z.looseObject({
  ResourceTagMappingList: z.array(z.looseObject({ ResourceARN: z.string() })).default([]),
});

/** A stack of that status takes no update: it has to go first. */
const failed =
  /^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|REVIEW_IN_PROGRESS)$/;

/** What takes the deletion protection off that also holds off a roll back. */
const unprotect: Readonly<Record<string, (id: string) => string>> = {
  'AWS::DynamoDB::Table': (id) =>
    `aws dynamodb update-table --table-name ${id} --no-deletion-protection-enabled`,
  'AWS::DynamoDB::GlobalTable': (id) =>
    `aws dynamodb update-table --table-name ${id} --no-deletion-protection-enabled`,
  'AWS::Cognito::UserPool': (id) =>
    `aws cognito-idp update-user-pool --user-pool-id ${id} --deletion-protection INACTIVE`,
};

/** In the order in which they are typed. */
const commandsFor = async (aws: Aws, stack: string): Promise<readonly string[]> => {
  const { StackResources } = stackResources.parse(
    await queryCall(aws, 'cloudformation', '2010-05-15', 'DescribeStackResources', {
      StackName: stack,
    }),
  );
  const held = StackResources.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED');
  return [
    ...held.flatMap(
      ({ ResourceType, PhysicalResourceId }) =>
        unprotect[ResourceType]?.(PhysicalResourceId) ??
        `# look at ${ResourceType} ${PhysicalResourceId}: it could not be deleted`,
    ),
    `aws cloudformation delete-stack --stack-name ${stack}`,
    `aws cloudformation wait stack-delete-complete --stack-name ${stack}`,
  ];
};

const stackFaults = async (aws: Aws, stack: string, status: string): Promise<Faults> => {
  if (failed.test(status))
    return [`The stack ${stack} is ${status}.`, ...(await commandsFor(aws, stack))];
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return [
      `The stack ${stack} is ${status}.`,
      `aws cloudformation continue-update-rollback --stack-name ${stack}`,
    ];
  return status.endsWith('_IN_PROGRESS') ? [`The stack ${stack} is ${status}: wait.`] : [];
};

const domainFaults = async (aws: Aws, account: Account): Promise<Faults> => {
  const faults: string[] = [];
  for (const { Properties } of resourcesOf(account.template, 'AWS::ApiGateway::DomainName')) {
    const name = Properties['DomainName'];
    if (typeof name !== 'string') continue;
    try {
      await aws.send({
        service: 'apigateway',
        path: `/domainnames/${encodeURIComponent(name)}`,
      });
      faults.push(
        `${name} is a custom domain of another API already.`,
        `aws apigateway delete-domain-name --domain-name ${name}`,
      );
    } catch (error) {
      if (!(error instanceof AwsError) || error.status !== 404) throw error;
    }
  }
  return faults;
};

/** What carries the tag of a stack of that name: kept on purpose, and in nobody's way. */
const keptNotes = async (aws: Aws, stack: string): Promise<readonly string[]> => {
  const { ResourceTagMappingList: list } = tagged.parse(
    await jsonCall(aws, 'tagging', 'ResourceGroupsTaggingAPI_20170126.GetResources', {
      TagFilters: [{ Key: 'aws:cloudformation:stack-name', Values: [stack] }],
    }),
  );
  return list.length === 0
    ? []
    : [
        `Of an earlier stack ${stack} are kept, under names that carry its id, so that they are in nobody's way:`,
        ...list.map(({ ResourceARN }) => ResourceARN),
      ];
};

export const leftovers: readonly Check<Account>[] = [
  withAws({
    id: 'leftovers',
    title: 'Nothing that a failed attempt left behind is in the way',
    controls: [],
    fix: 'Type the commands above, in their order: nothing is in a stack that was never whole.',
    run: async (aws, account): Promise<Findings> => {
      const { stack: name } = account.template;
      const stack = await readStack(aws, name);
      if (stack !== undefined)
        return {
          faults: await stackFaults(aws, name, stack.status),
          notes: [`The stack ${name} is ${stack.status}.`],
        };
      return { faults: await domainFaults(aws, account), notes: await keptNotes(aws, name) };
    },
  }),
];
