import * as z from 'zod';
import { type Aws, listOf, queryCall } from '../../aws/aws.ts';
import type { Target } from '../../target/target.ts';
import type { Check } from '../check.ts';
import { type Outcome, runChecks } from '../examine.ts';
import { alarms } from './alarms.ts';
import type { Deployed } from './stack.ts';
import { webAcls } from './web-acls.ts';

export const deployedChecks: readonly Check<Deployed>[] = [...alarms, ...webAcls];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
const page = z.looseObject({
  StackResourceSummaries: listOf(
    z.looseObject({ ResourceType: z.string(), PhysicalResourceId: z.string().default('') }),
  ),
  NextToken: z.string().optional(),
});

/** A stack holds at most 500 resources, and a page 100. */
const mostPages = 20;

const readResources = async (aws: Aws, stack: string) => {
  const all: z.infer<typeof page>['StackResourceSummaries'] = [];
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const read = page.parse(
      await queryCall(aws, 'cloudformation', '2010-05-15', 'ListStackResources', {
        StackName: stack,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    all.push(...read.StackResourceSummaries);
    token = read.NextToken;
    if (token === undefined || token === '') break;
  }
  return all;
};

/** Looks at a deployed stack with credentials. It reads, and changes nothing. */
export const examineDeployed = async (
  { aws, stack, alarmTopic }: Target & { readonly stack: string },
  onOutcome?: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> => {
  const resources = await readResources(aws, stack);
  const idsOf = (type: string) =>
    resources
      .filter(({ ResourceType }) => ResourceType === type)
      .map(({ PhysicalResourceId }) => PhysicalResourceId);
  const deployed = { aws, alarmTopic, idsOf, now: new Date() };
  return runChecks(deployedChecks, deployed, () => undefined, onOutcome);
};
