import type { Aws } from '../../aws/aws.ts';
import type { DeployedTemplate } from '../../synthesis/deployed-template.ts';
import type { Check } from '../check.ts';

/** What the checks before a deployment look at: the account, and what is to be deployed there. */
export interface Account {
  /** Undefined where no credentials are valid: only the checks that say so run then. */
  readonly aws: Aws | undefined;
  /** Why not. */
  readonly refusal: string | undefined;
  /** `arn:aws:sts::111122223333:assumed-role/…` */
  readonly caller: string | undefined;
  /** Twelve digits. */
  readonly id: string | undefined;
  readonly template: DeployedTemplate;
  readonly now: Date;
}

/** A check that asks AWS. */
export interface AccountCheck extends Omit<Check<Account>, 'run' | 'needs'> {
  run(aws: Aws, account: Account): ReturnType<Check<Account>['run']>;
}

/** Skipped without credentials. */
export const withAws = ({ run, ...check }: AccountCheck): Check<Account> => ({
  ...check,
  needs: 'credentials',
  run: async (account) => (account.aws === undefined ? [] : run(account.aws, account)),
});

/** The resources of a type. */
export const resourcesOf = ({ resources }: DeployedTemplate, type: string) =>
  Object.values(resources).filter(({ Type }) => Type === type);
