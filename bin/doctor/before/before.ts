import * as z from 'zod';
import { UserError } from '../../../lib/user-error.ts';
import { makeAws } from '../../aws/aws.ts';
import { callerArn } from '../../aws/caller.ts';
import { findCredentials, findRegion, type Account as Login } from '../../aws/credentials.ts';
import type { DeployedTemplate } from '../../synthesis/deployed-template.ts';
import type { Check } from '../check.ts';
import { failureOf, type Outcome, runChecks } from '../examine.ts';
import type { Account } from './account.ts';
import { environment } from './environment.ts';
import { leftovers } from './leftovers.ts';
import { names } from './names.ts';
import { quotas } from './quotas.ts';

/** In the order in which a deployment would meet them. */
export const beforeChecks: readonly Check<Account>[] = [
  ...environment,
  ...quotas,
  ...names,
  ...leftovers,
];

const loggedIn = async (
  login: Login,
): Promise<Pick<Account, 'aws' | 'refusal' | 'caller' | 'id'>> => {
  try {
    const region = await findRegion(login);
    const aws = makeAws({ region, credentials: await findCredentials(login) });
    const caller = await callerArn(aws);
    return { aws, caller, id: caller.split(':')[4], refusal: undefined };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof z.ZodError)) throw error;
    return { aws: undefined, caller: undefined, id: undefined, refusal: failureOf(error) };
  }
};

/** Looks at the account that a template is to be deployed to. It reads, and changes nothing. */
export const examineAccount = async (
  template: DeployedTemplate,
  { profile, region = template.region }: Login,
  onOutcome?: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> => {
  const account = { ...(await loggedIn({ profile, region })), template, now: new Date() };
  return runChecks(
    beforeChecks,
    account,
    ({ needs }) =>
      needs === 'credentials' && account.aws === undefined ? 'needs credentials' : undefined,
    onOutcome,
  );
};
