import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { snapshotFileName } from '../../policy/deployment.ts';
import { printOutcome } from '../terminal/outcome.ts';
import { withProgress } from '../terminal/progress.ts';

const options = z.object({
  stack: z.string().optional(),
  stage: z.string().optional(),
  region: z.string().optional(),
  profile: z.string().optional(),
  json: z.boolean().default(false),
});

/** `gatehouse compare`. */
export const compare = new Command('compare')
  .description(
    'says whom the next deployment would cut off, by the template that is deployed, or by the committed snapshot; deploys nothing',
  )
  .option('--stack <name>', 'the deployed stack, which the app has under the same name')
  .option('--stage <name>', 'of gatehouse.config.ts')
  .option('--region <region>', "of the stack (default: AWS_REGION, else the profile's)")
  .option('--profile <name>', 'of the AWS credentials (default: AWS_PROFILE)')
  .option('--json', 'one line of JSON')
  .addHelpText(
    'after',
    `
The exit code is 1 where somebody would be cut off and allowBreaking does not say so. Without --stack
it asks no account, but the committed gatehouse.snapshot.json, as each synthesis does.`,
  )
  .action(async (given: unknown) => {
    const { stack, stage, json, ...account } = options.parse(given);
    const [{ deployedTemplate }, { readTemplate }, comparison] = await Promise.all([
      import('../synthesis/deployed-template.ts'),
      import('./read-template.ts'),
      import('./comparison.ts'),
    ]);
    const { compared, comparedWithSnapshot, comparisonOutcome } = comparison;
    const show = (of: string, found: ReturnType<typeof compared>): void => {
      printOutcome(comparisonOutcome(of, found), json);
      if (found.some(({ refused }) => refused.length > 0)) process.exitCode = 1;
    };
    if (stack === undefined) {
      // Read first: a synthesis that breaks nothing keeps it up to date.
      const known = await snapshotIn(process.cwd());
      const next = await deployedTemplate(process.cwd(), { stage });
      show(
        `${next.stack}, as ${snapshotFileName} has it,`,
        comparedWithSnapshot(known, next.template),
      );
      return;
    }
    const deployed = await withProgress(`Reading the template of ${stack}`, () =>
      readTemplate(stack, account),
    );
    if (deployed === undefined) {
      const text = `There is no stack ${stack} yet, so nobody is connected to it.`;
      printOutcome({ text, json: { stack, gatehouses: [] } }, json);
      return;
    }
    const { template = {} } = await deployedTemplate(process.cwd(), { stage, stack });
    show(stack, compared(stack, deployed, template));
  });

const snapshotIn = async (folder: string) => {
  const file = join(folder, snapshotFileName);
  if (!existsSync(file))
    throw new UserError(
      `Name the deployed stack: --stack Gatehouse-prod ("npx cdk ls" lists them). There is no ${snapshotFileName} either, which a synthesis writes.`,
    );
  const { readSnapshot } = await import('../../lib/breaking/snapshot.ts');
  return readSnapshot(file);
};
