import { Command } from 'commander';
import { withTarget } from '../target/options.ts';

/** `gatehouse doctor`: what is loaded to look is loaded only then. */
export const doctor = withTarget(
  new Command('doctor')
    .description(
      'without a URL looks at the account before a deployment; with one at a running deployment from outside, as its clients and attackers do; says what is wrong and how to mend it',
    )
    .argument('[url]', "the MCP endpoint: the stack's output McpUrl"),
)
  .option('--before', 'the account, whatever else is named (with --stack: which stack of the app)')
  .option('--stage <name>', 'of gatehouse.config.ts, for the account')
  .option(
    '--token <token>',
    'an access token, for the checks that need one (or GATEHOUSE_TOKEN, which no process list shows)',
  )
  .option('--burst', 'also floods /health until the rate limit refuses this computer for a minute')
  .option('--json', 'one line of JSON instead of a table')
  .option('--junit <file>', 'also writes the result as JUnit XML')
  .option('--sarif <file>', 'also writes it as SARIF')
  .addHelpText(
    'after',
    `
  npx gatehouse doctor                              before: credentials, bootstrap, quotas, certificate, leftovers
  npx gatehouse doctor https://mcp.example.com/mcp  after, from outside, without credentials
  npx gatehouse doctor --stack Gatehouse-prod       the same, and alarms and web ACLs with credentials
  npx gatehouse doctor --local                      the local runtime of this folder

It only reads, but for one registration of a client. It exits with 1 when a check fails.`,
  )
  .action(async (url: string | undefined, given: unknown) =>
    (await import('./run.ts')).runDoctor(url, given),
  );
