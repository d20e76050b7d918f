import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { printOutcome } from '../terminal/outcome.ts';

const options = z.object({
  stage: z.string().optional(),
  stack: z.string().optional(),
  calls: z.number(),
  users: z.number(),
  machineTokens: z.number().optional(),
  json: z.boolean().default(false),
});

const quantity = (text: string): number => {
  const number = Number(text.replaceAll('_', ''));
  if (!(number >= 0 && number <= 1e12))
    throw new InvalidArgumentError('Take a number such as 1e6.');
  return number;
};

/** `gatehouse cost`. */
export const cost = new Command('cost')
  .description(
    "says what the configuration costs by AWS's list prices: idle, and for calls and people; reaches no account",
  )
  .option('--stage <name>', 'of gatehouse.config.ts')
  .option('--stack <name>', 'where the app has several with a Gatehouse')
  .option('--calls <number>', 'calls a month', quantity, 1e6)
  .option('--users <number>', 'people who log in within a month', quantity, 100)
  .option(
    '--machine-tokens <number>',
    'tokens that machines get in a month (default: one each 15 minutes for each machine)',
    quantity,
  )
  .option('--json', 'one line of JSON')
  .action(async (given: unknown) => {
    const { calls, users, machineTokens, json, ...choice } = options.parse(given);
    const [{ deployedTemplate }, { bill, billText }] = await Promise.all([
      import('../synthesis/deployed-template.ts'),
      import('./bill.ts'),
    ]);
    const made = bill(await deployedTemplate(process.cwd(), choice), {
      calls,
      users,
      machineTokens,
    });
    printOutcome({ text: billText(made), json: made }, json);
  });
