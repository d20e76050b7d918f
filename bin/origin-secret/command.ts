import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import type { Configuration } from '../../lib/configuration.ts';
import { UserError } from '../../lib/user-error.ts';
import { configFileNames } from '../../policy/deployment.ts';
import { type Outcome, printOutcome } from '../terminal/outcome.ts';

const steps = `
In two steps, with a deployment after each:

  npx gatehouse rotate-origin-secret     step 1: a new secret is made and sent, the old one still taken
  npx cdk deploy                         and wait until the distribution is "Deployed"
  npx gatehouse rotate-origin-secret     step 2: the old one is refused and deleted
  npx cdk deploy

It writes "originSecret" into the stage of gatehouse.config.ts, or where there is no such file into the context key
"gatehouse" of cdk.json; commit that with each deployment. Nothing else of the file changes, or nothing is written.`;

const cdkJson = z.looseObject({
  app: z.string().default(''),
  context: z.looseObject({ gatehouse: z.looseObject({}).optional() }).default({}),
});

type OriginSecret = Configuration['originSecret'];

const nextOf = ({ current, previous }: OriginSecret): OriginSecret =>
  previous === undefined ? { current: current + 1, previous: current } : { current };

/** @param place - of the configuration: `cdk.json` */
const refuseOtherModes = (place: string, urlMode: Configuration['urlMode']): void => {
  if (urlMode !== 'cloudfront')
    throw new UserError(`${place} deploys the URL mode "${urlMode}", which has no origin secret.`);
};

const explain = ({ current, previous }: OriginSecret): string =>
  previous === undefined
    ? `Step 1 of 2: version ${current + 1} is sent, version ${current} is still taken. Deploy, wait until the distribution is "Deployed", and run this again.`
    : `Step 2 of 2: version ${previous} is refused from the next deployment on, and deleted. Deploy.`;

const outcome = (before: OriginSecret, written: string): Outcome => ({
  text: `${explain(before)} (written to ${written})`,
  json: { originSecret: nextOf(before), written },
});

const inConfigFile = async (
  folder: string,
  file: string,
  asked: string | undefined,
): Promise<Outcome> => {
  // They load the CDK, which takes a second that --help need not take.
  const { chooseConfiguration, stageOf } = await import('../../lib/config-file.ts');
  const { stagesIn } = await import('../../lib/config-file-stages.ts');
  const { writeOriginSecret, written } = await import('./config-file.ts');
  const path = join(folder, file);
  const stage = stageOf(file, Object.keys(await stagesIn(path)), asked);
  const { originSecret, urlMode } = await chooseConfiguration({
    folder,
    stage,
    context: undefined,
    isLocal: false,
  });
  const place = `${file}, stage "${stage}",`;
  refuseOtherModes(place, urlMode);
  const next = nextOf(originSecret);
  if (!(await writeOriginSecret(path, stage, next)))
    throw new UserError(
      `${place} says its origin secret in a way that only a person can change. Write there: ${written(next)}`,
    );
  return outcome(originSecret, `${file}, stage "${stage}"`);
};

const inCdkJson = async (folder: string): Promise<Outcome> => {
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
  const { readConfiguration } = await import('../../lib/configuration.ts');
  const { originSecret, urlMode } = readConfiguration(gatehouse);
  refuseOtherModes('cdk.json', urlMode);
  const context = {
    ...json.context,
    gatehouse: { ...gatehouse, originSecret: nextOf(originSecret) },
  };
  writeFileSync(path, `${JSON.stringify({ ...json, context }, null, 2)}\n`);
  return outcome(originSecret, 'cdk.json');
};

/**
 * @param folder - of the app, whose configuration is written
 * @returns what was done, for the operator
 * @throws UserError where the deployment has no origin secret, or a person has to write it
 */
const rotate = async (folder: string, stage: string | undefined): Promise<Outcome> => {
  const file = configFileNames.find((name) => existsSync(join(folder, name)));
  if (file !== undefined) return inConfigFile(folder, file, stage);
  if (stage !== undefined)
    throw new UserError(
      `--stage chooses a stage of gatehouse.config.ts, and ${folder} has no such file.`,
    );
  return inCdkJson(folder);
};

/** `gatehouse rotate-origin-secret`. */
export const rotateOriginSecret = new Command('rotate-origin-secret')
  .description(
    'replaces the secret between the distribution and the stage (URL mode cloudfront); changes the configuration, deploys nothing',
  )
  .addHelpText('after', steps)
  .option('--stage <name>', 'of gatehouse.config.ts (default: the only one, or prod)')
  .option('--json', 'one line of JSON')
  .action(async ({ stage, json }: { readonly stage?: string; readonly json?: boolean }) =>
    printOutcome(await rotate(process.cwd(), stage), json),
  );
