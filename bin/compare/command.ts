import { Command } from 'commander';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
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
    'says whom the next deployment would cut off, by the template that is deployed; changes nothing',
  )
  .option('--stack <name>', 'the deployed stack, which the app has under the same name')
  .option('--stage <name>', 'of gatehouse.config.ts')
  .option('--region <region>', "of the stack (default: AWS_REGION, else the profile's)")
  .option('--profile <name>', 'of the AWS credentials (default: AWS_PROFILE)')
  .option('--json', 'one line of JSON')
  .addHelpText(
    'after',
    `
The exit code is 1 where somebody would be cut off and allowBreaking does not say so. A synthesis
compares with the committed gatehouse.snapshot.json instead, as it has no account to ask.`,
  )
  .action(async (given: unknown) => {
    const { stack, stage, json, ...account } = options.parse(given);
    if (stack === undefined)
      throw new UserError(
        'Name the deployed stack: --stack Gatehouse-prod. "npx cdk ls" lists them.',
      );
    const [{ deployedTemplate }, { readTemplate }, { compared, comparisonOutcome }] =
      await Promise.all([
        import('../synthesis/deployed-template.ts'),
        import('./read-template.ts'),
        import('./comparison.ts'),
      ]);
    const deployed = await withProgress(`Reading the template of ${stack}`, () =>
      readTemplate(stack, account),
    );
    if (deployed === undefined) {
      const text = `There is no stack ${stack} yet, so nobody is connected to it.`;
      printOutcome({ text, json: { stack, gatehouses: [] } }, json);
      return;
    }
    const { template = {} } = await deployedTemplate(process.cwd(), { stage, stack });
    const found = compared(stack, deployed, template);
    printOutcome(comparisonOutcome(stack, found), json);
    if (found.some(({ refused }) => refused.length > 0)) process.exitCode = 1;
  });
