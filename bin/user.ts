import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { blockUser, listBlocked, unblockUser } from '../lambdas/store/users.ts';
import { UserError } from '../lib/user-error.ts';
import { isSubject, readDeployment, subjectOf } from './deployment-users.ts';
import { sdkScan, sdkTable } from './sdk-table.ts';

const help = `Blocks a user, or lifts it. No deployment is needed.

  npm run user -- block <sub or email>      refuses the user's next MCP call, refresh and login
  npm run user -- unblock <sub or email>
  npm run user -- list-blocked

  --stack <name>       the deployment, whose outputs name table and user pool (default: Gatehouse-prod)
  --table <name>       the table, instead of the stack's
  --user-pool <id>     the user pool, instead of the stack's; needed for an email address only
  --json               one line of JSON instead of a sentence
  --help

Region and credentials are the AWS SDK's: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_DYNAMODB and so on.
The access token that a user holds already is refused too, since every call asks; Cognito's own session is not ended by this.`;

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
  const [command, user, ...rest] = positionals;
  if (values.help) return console.log(help);
  const known =
    command === 'list-blocked'
      ? user === undefined
      : (command === 'block' || command === 'unblock') && user !== undefined;
  if (!known || rest.length > 0) throw new UserError(help);

  const dynamodb = new DynamoDBClient();
  const deployment = lazily(() => readDeployment(new CloudFormationClient(), values.stack));
  const table = values.table ?? (await deployment()).table;
  if (user === undefined) {
    const blocked = await listBlocked(sdkScan(dynamodb, table));
    return console.log(
      values.json ? JSON.stringify({ blocked }) : blocked.join('\n') || 'Nobody is blocked.',
    );
  }
  const sub = isSubject(user)
    ? user
    : await subjectOf(
        new CognitoIdentityProviderClient(),
        values['user-pool'] ?? (await deployment()).userPool,
        user,
      );
  const users = sdkTable(dynamodb, table);
  if (command === 'block') await blockUser(users, sub, new Date());
  else await unblockUser(users, sub, new Date());
  const done = command === 'block' ? 'blocked' : 'unblocked';
  console.log(values.json ? JSON.stringify({ sub, [done]: true }) : `${sub} is ${done}.`);
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
