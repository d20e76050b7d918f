import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readConfiguration } from '../lib/configuration.ts';
import { UserError } from '../lib/user-error.ts';

const help = `Replaces the secret between the distribution and the stage (URL mode cloudfront), in two steps with a deployment after each.

  npm run rotate-origin-secret     step 1: a new secret is made and sent, the old one still taken
  npm run deploy                   and wait until the distribution is "Deployed"
  npm run rotate-origin-secret     step 2: the old one is refused and deleted
  npm run deploy

It writes "originSecret" into the context key "gatehouse" of cdk.json; commit that with each deployment.`;

const cdkJson = z.looseObject({
  context: z.looseObject({ gatehouse: z.looseObject({}).optional() }).default({}),
});

const rotate = (path: string): string => {
  const file = cdkJson.parse(JSON.parse(readFileSync(path, 'utf8')));
  const gatehouse = file.context.gatehouse ?? {};
  const { originSecret, urlMode } = readConfiguration(gatehouse);
  if (urlMode !== 'cloudfront')
    throw new UserError(`cdk.json deploys the URL mode "${urlMode}", which has no origin secret.`);
  const { current, previous } = originSecret;
  const next = previous === undefined ? { current: current + 1, previous: current } : { current };
  const context = { ...file.context, gatehouse: { ...gatehouse, originSecret: next } };
  writeFileSync(path, `${JSON.stringify({ ...file, context }, null, 2)}\n`);
  return previous === undefined
    ? `Step 1 of 2: version ${next.current} is sent, version ${current} is still taken. Deploy, wait until the distribution is "Deployed", and run this again.`
    : `Step 2 of 2: version ${previous} is refused from the next deployment on, and deleted. Deploy.`;
};

try {
  const [argument] = process.argv.slice(2);
  console.log(argument === '--help' ? help : rotate(join(process.cwd(), 'cdk.json')));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
