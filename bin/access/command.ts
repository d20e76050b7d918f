import { Command } from 'commander';
import { UserError } from '../../lib/user-error.ts';
import { type Outcome, printOutcome } from '../terminal/outcome.ts';
import { withProgress } from '../terminal/progress.ts';
import { type AccessTable, groupsOf, matrix } from './matrix.ts';
import { accessOfApp } from './read.ts';

/** What is printed of each Gatehouse. */
export const accessOutcome = (tables: Readonly<Record<string, AccessTable>>): Outcome => {
  const found = Object.entries(tables);
  if (found.length === 0)
    throw new UserError('The app has no Gatehouse: run this in the folder of its cdk.json.');
  return {
    text: found.map(([path, table]) => `${path}\n\n${matrix(table)}`).join('\n\n'),
    json: Object.fromEntries(
      found.map(([path, table]) => [path, { groups: groupsOf(table), ...table }]),
    ),
  };
};

const keyAndValue = (
  given: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (key === undefined || value === undefined)
    throw new UserError(`--context is "${given}": take key=value.`);
  return { ...before, [key]: value };
};

interface Options {
  readonly context: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

/** `gatehouse access`. */
export const access = new Command('access')
  .description('prints who may use which tool, prompt and resource, by group; asks no AWS account')
  .option(
    '-c, --context <key=value>',
    'CDK context, as with cdk synth (stage=dev); may be repeated',
    keyAndValue,
    {},
  )
  .option('--json', 'one line of JSON')
  .addHelpText(
    'after',
    `
It builds the app and reads the rules that would be deployed: what stands beside each definition, and
the stack's own rules, which go before. "in no group" are people who may log in and are in no group
that decides about anything.`,
  )
  .action(async ({ context, json }: Options) =>
    printOutcome(
      accessOutcome(
        await withProgress('Building the app', () => accessOfApp(process.cwd(), context)),
      ),
      json,
    ),
  );
