import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import * as z from 'zod';
import { UserError } from '../../lib/user-error.ts';
import { endpoints } from '../../policy/endpoints.ts';
import { examine } from './examine.ts';
import { count, junit, line, summary } from './report.ts';
import { patient, send } from './send.ts';

const optionsSchema = z.object({
  token: z.string().optional(),
  burst: z.boolean().default(false),
  json: z.boolean().default(false),
  junit: z.string().optional(),
});

/** @throws UserError where it is not the URL of an MCP endpoint. */
export const readMcpUrl = (given: string): { readonly mcpUrl: string; readonly issuer: string } => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url === undefined || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)))
    throw new UserError(`${given} is no https URL: give the stack's output McpUrl.`);
  if (!given.endsWith(endpoints.mcp.path))
    throw new UserError(
      `${given} does not end with ${endpoints.mcp.path}: give the stack's output McpUrl, byte for byte.`,
    );
  return { mcpUrl: given, issuer: given.slice(0, -endpoints.mcp.path.length) };
};

const run = async (url: string, given: unknown): Promise<void> => {
  const options = optionsSchema.parse(given);
  const target = readMcpUrl(url);
  const token = options.token ?? process.env['GATEHOUSE_TOKEN'];
  const outcomes = await examine(
    {
      ...target,
      send: patient(send, (seconds) =>
        process.stderr.write(`A rate limit is reached; waiting ${seconds} s …\n`),
      ),
      ...(token !== undefined && { token }),
    },
    {
      burst: options.burst,
      onOutcome: (outcome) => {
        if (!options.json) console.log(line(outcome));
      },
    },
  );
  if (options.junit !== undefined) writeFileSync(options.junit, junit(outcomes));
  console.log(options.json ? JSON.stringify({ url, checks: outcomes }) : `\n${summary(outcomes)}`);
  if (count(outcomes, 'failed') > 0) process.exitCode = 1;
};

/** `gatehouse doctor`: looks at a deployment from outside, as its clients and attackers do. */
export const doctor = new Command('doctor')
  .description(
    'looks at a running deployment from outside, and says what is wrong and how to mend it',
  )
  .argument('<url>', "the MCP endpoint: the stack's output McpUrl")
  .option(
    '--token <token>',
    'an access token, for the checks that need one (or GATEHOUSE_TOKEN, which no process list shows)',
  )
  .option('--burst', 'also floods /health until the rate limit refuses this computer for a minute')
  .option('--json', 'one line of JSON instead of a table')
  .option('--junit <file>', 'also writes the result as JUnit XML')
  .action(run);
