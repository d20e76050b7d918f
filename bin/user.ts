import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { listBlocked } from '../lambdas/store/users.ts';
import { UserError } from '../lib/user-error.ts';
import { readDeployment, subjectOf } from './deployment-users.ts';
import { sdkScan, sdkTable } from './sdk-table.ts';
import { userCommands } from './user-commands.ts';

const help = `Blocks users, lists their logins and ends them. No deployment is needed.

  npm run user -- block <sub or email>      refuses the user's next MCP call, refresh and login
  npm run user -- unblock <sub or email>    lets them log in again; nothing from before works
  npm run user -- sessions <sub or email>   lists their logins: client, since when, last use
  npm run user -- sign-out <sub or email> [session]
                                            ends one login, or all of them
  npm run user -- list-blocked

  --stack <name>       the deployment, whose outputs name table and user pool (default: Gatehouse-prod)
  --table <name>       the table, instead of the stack's
  --user-pool <id>     the user pool, instead of the stack's
  --json               one line of JSON instead of a sentence
  --help

Region and credentials are the AWS SDK's: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_DYNAMODB and so on.
The person is looked up first. Access tokens that they hold are refused too, since every call asks;
Cognito's own session in their browser is not ended by this.`;

const options = {
  stack: { type: 'string', default: 'Gatehouse-prod' },
  table: { type: 'string' },
  'user-pool': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const parsed = () => {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
};

const main = async (): Promise<void> => {
  const { values, positionals } = parsed();
  const [command = '', user, id, ...rest] = positionals;
  if (values.help) return console.log(help);
  const named = Object.hasOwn(userCommands, command) ? userCommands[command] : undefined;
  const isKnown = command === 'list-blocked' ? user === undefined : named && user !== undefined;
  const hasMore = rest.length > 0 || (id !== undefined && command !== 'sign-out');
  if (!isKnown || hasMore) throw new UserError(help);

  const dynamodb = new DynamoDBClient();
  const deployment = lazily(() => readDeployment(new CloudFormationClient(), values.stack));
  const table = values.table ?? (await deployment()).table;
  if (user === undefined || named === undefined) {
    const blocked = await listBlocked(sdkScan(dynamodb, table));
    return console.log(
      values.json ? JSON.stringify({ blocked }) : blocked.join('\n') || 'Nobody is blocked.',
    );
  }
  const userPool = values['user-pool'] ?? (await deployment()).userPool;
  const sub = await subjectOf(new CognitoIdentityProviderClient(), userPool, user);
  const outcome = await named(sdkTable(dynamodb, table), sub, new Date(), id);
  console.log(values.json ? JSON.stringify(outcome.json) : outcome.text);
};

const lazily = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

main().catch((error: unknown) => {
  console.error(textOf(error));
  process.exitCode = 1;
});

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UserError ? error.message : `${error.name}: ${error.message}`;
}
