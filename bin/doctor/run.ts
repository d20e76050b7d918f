import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { deployedTemplate } from '../synthesis/deployed-template.ts';
import { targetOf } from '../target/find.ts';
import { withProgress } from '../terminal/progress.ts';
import { examineAccount } from './before/before.ts';
import { examineDeployed } from './deployed/deployed.ts';
import { examine, type Outcome } from './examine.ts';
import { readMcpUrl } from './mcp-url.ts';
import { count, junit, line, summary } from './report.ts';
import { doctorSarif } from './sarif.ts';
import { patient, send } from './send.ts';

const optionsSchema = z.looseObject({
  before: z.boolean().default(false),
  stage: z.string().optional(),
  stack: z.string().optional(),
  local: z.union([z.boolean(), z.string()]).optional(),
  region: z.string().optional(),
  profile: z.string().optional(),
  token: z.string().optional(),
  burst: z.boolean().default(false),
  json: z.boolean().default(false),
  junit: z.string().optional(),
  sarif: z.string().optional(),
});

type Options = z.infer<typeof optionsSchema>;

/** What was looked at, and what came of it. */
interface Examination {
  /** A URL, or the file that says what is to be deployed. */
  readonly subject: string;
  readonly outcomes: readonly Outcome[];
}

const fromOutside = (
  mcpUrl: string,
  { burst, token = process.env['GATEHOUSE_TOKEN'] }: Options,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> => {
  const slow = (seconds: number) =>
    process.stderr.write(`A rate limit is reached; waiting ${seconds} s …\n`);
  return examine(
    {
      ...readMcpUrl(mcpUrl),
      send: patient(send, slow),
      sendAtOnce: send,
      ...(token !== undefined && { token }),
    },
    { burst, onOutcome },
  );
};

const examined = async (
  url: string | undefined,
  options: Options,
  onOutcome: (outcome: Outcome) => void,
): Promise<Examination> => {
  const { before, stage, stack, local, region, profile } = options;
  const namesDeployment =
    url !== undefined || local !== undefined || (stack !== undefined && !before);
  if (before && (url !== undefined || local !== undefined))
    throw new UserError('--before looks at an account: give it no URL and no --local.');
  if (!namesDeployment) {
    const template = await deployedTemplate(process.cwd(), { stage, stack });
    const outcomes = await examineAccount(template, { region, profile }, onOutcome);
    return { subject: 'cdk.json', outcomes };
  }
  if (stage !== undefined)
    throw new UserError('--stage is for --before: name what is deployed by URL or --stack.');
  if (url !== undefined && stack === undefined && local === undefined)
    return { subject: url, outcomes: await fromOutside(url, options, onOutcome) };
  const target = await targetOf(options);
  const subject = url ?? target.mcpUrl;
  const outside = await fromOutside(subject, options, onOutcome);
  const inside = stack === undefined ? [] : await examineDeployed({ ...target, stack }, onOutcome);
  return { subject, outcomes: [...outside, ...inside] };
};

/** `gatehouse doctor`: the exit code is 1 when a check failed. */
export const runDoctor = async (url: string | undefined, given: unknown): Promise<void> => {
  const options = optionsSchema.parse(given);
  const { subject, outcomes } = await withProgress('Looking', () =>
    examined(url, options, (outcome) => {
      if (!options.json) console.log(line(outcome));
    }),
  );
  if (options.junit !== undefined) writeFileSync(options.junit, junit(outcomes));
  if (options.sarif !== undefined)
    writeFileSync(options.sarif, `${JSON.stringify(doctorSarif(outcomes, subject), null, 2)}\n`);
  console.log(
    options.json ? JSON.stringify({ url: subject, checks: outcomes }) : `\n${summary(outcomes)}`,
  );
  if (count(outcomes, 'failed') > 0) process.exitCode = 1;
};
