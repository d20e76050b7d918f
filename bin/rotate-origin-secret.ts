import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import type { Configuration } from '../lib/configuration.ts';
import { UserError } from '../lib/user-error.ts';
import { configFileNames } from '../policy/deployment.ts';
import { type Outcome, printOutcome } from './terminal/outcome.ts';

const steps = `
In two steps, with a deployment after each:

  npx gatehouse rotate-origin-secret     step 1: a new secret is made and sent, the old one still taken
  npm run deploy                         and wait until the distribution is "Deployed"
  npx gatehouse rotate-origin-secret     step 2: the old one is refused and deleted
  npm run deploy

It writes "originSecret" into the context key "gatehouse" of cdk.json; commit that with each deployment.
Where gatehouse.config.ts holds the configuration, it says what to write there.`;

const cdkJson = z.looseObject({
  app: z.string().default(''),
  context: z.looseObject({ gatehouse: z.looseObject({}).optional() }).default({}),
});

type OriginSecret = Configuration['originSecret'];

const nextOf = ({ current, previous }: OriginSecret): OriginSecret =>
  previous === undefined ? { current: current + 1, previous: current } : { current };

const explain = ({ current, previous }: OriginSecret): string =>
  previous === undefined
    ? `Step 1 of 2: version ${current + 1} is sent, version ${current} is still taken. Deploy, wait until the distribution is "Deployed", and run this again.`
    : `Step 2 of 2: version ${previous} is refused from the next deployment on, and deleted. Deploy.`;

/**
 * @param folder - of cdk.json, which is written
 * @returns what was done, for the operator
 * @throws UserError where the deployment has no origin secret, or its configuration stands elsewhere
 */
const rotate = async (folder: string): Promise<Outcome> => {
  const file = configFileNames.find((name) => existsSync(join(folder, name)));
  if (file !== undefined)
    throw new UserError(
      `${file} holds the configuration, and a person writes that: step 1 is originSecret: { current: 2, previous: 1 } (one more than now), step 2 the same without "previous". Deploy after each.`,
    );
  const path = join(folder, 'cdk.json');
  if (!existsSync(path))
    throw new UserError(
      `There is no cdk.json in ${folder}: run this in the folder of the CDK app.`,
    );
  const json = cdkJson.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (json.context.gatehouse === undefined && !json.app.includes('bin/gatehouse.ts'))
    throw new UserError(
      `The app of ${path} has its Gatehouse in code: give the construct originSecret: { current: 2, previous: 1 } (one more than now) and deploy, then the same without "previous".`,
    );
  const gatehouse = json.context.gatehouse ?? {};
  // It loads the CDK, which takes a second that --help need not take.
  const { readConfiguration } = await import('../lib/configuration.ts');
  const { originSecret, urlMode } = readConfiguration(gatehouse);
  if (urlMode !== 'cloudfront')
    throw new UserError(`cdk.json deploys the URL mode "${urlMode}", which has no origin secret.`);
  const context = {
    ...json.context,
    gatehouse: { ...gatehouse, originSecret: nextOf(originSecret) },
  };
  writeFileSync(path, `${JSON.stringify({ ...json, context }, null, 2)}\n`);
  const next = nextOf(originSecret);
  return { text: explain(originSecret), json: { originSecret: next } };
};

/** `gatehouse rotate-origin-secret`. */
export const rotateOriginSecret = new Command('rotate-origin-secret')
  .description(
    'replaces the secret between the distribution and the stage (URL mode cloudfront); changes cdk.json, deploys nothing',
  )
  .addHelpText('after', steps)
  .option('--json', 'one line of JSON')
  .action(async ({ json }: { readonly json?: boolean }) =>
    printOutcome(await rotate(process.cwd()), json),
  );
