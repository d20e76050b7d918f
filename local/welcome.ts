import { join } from 'node:path';
import type { Gatehouse } from './runtime.ts';

interface Welcomed
  extends Pick<
    Gatehouse,
    'mcpUrl' | 'publicUrl' | 'users' | 'managedGroups' | 'urlMode' | 'stage' | 'origin' | 'app'
  > {
  readonly stack: Pick<Gatehouse['stack'], 'output'>;
  readonly table: Pick<Gatehouse['table'], 'endpoint'>;
}

/** What stands at that URL, and what does not. */
const modes: Readonly<Record<Gatehouse['urlMode'], (gatehouse: Welcomed) => string>> = {
  domain: () => 'as behind a custom domain.',
  stage: ({ stack }) => stack.output('Note') ?? 'below the stage of a bare API.',
  cloudfront: ({ stage, origin }) =>
    `the distribution stands in front, and its function and cache are emulated. The stage refuses whoever goes past it:
                  curl -i -H 'Host: ${stage.host}' ${origin}${stage.path}/health     (403)`,
};

/** How many things that are left out are named one by one. */
const namedAtMost = 12;

/** What an app deploys beside its Gatehouse, and what its tools will miss. */
const notEmulated = ({ gatehouse, leftOut, missingTables }: Welcomed['app']): string => {
  const more = leftOut.length - namedAtMost;
  return [
    ...(leftOut.length > 0 ? [`\nNot emulated, because nothing in ${gatehouse} leads to it`] : []),
    ...leftOut.slice(0, namedAtMost).map((each) => `  - ${each}`),
    ...(more > 0 ? [`  - and ${more} more`] : []),
    ...(missingTables.length > 0
      ? [
          '\nTables that its tools may reach and that the app does not have: calls that need them fail',
        ]
      : []),
    ...missingTables.map((name) => `  - ${name}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
};

/**
 * What somebody needs who has just started it. The first line is for programs that wait for it too.
 * @param configuration - which one was synthesized, in words
 * @param logs - folder of the log groups' lines
 */
export const welcome = (gatehouse: Welcomed, configuration: string, logs: string): string => {
  const { mcpUrl, publicUrl, users, managedGroups, urlMode, table, app } = gatehouse;
  const [user] = users;
  return `Gatehouse is ready: ${mcpUrl}

URL mode ${urlMode}: ${modes[urlMode](gatehouse)}
Configuration: ${configuration}

Connect
  Claude Code     claude mcp add --transport http gatehouse ${mcpUrl}     (then /mcp to log in)
  MCP Inspector   npx @modelcontextprotocol/inspector     (transport: Streamable HTTP, URL: ${mcpUrl})
  curl            curl -i -X POST ${mcpUrl}     (401, and where to log in)
                  curl ${publicUrl}/health
Log in as
  ${user?.email}   password: ${user?.password}   (sub: ${user?.sub})
Make users and log in as them (their mail is printed here)
  npx gatehouse user invite ada@example.com
Fill tables with the AWS CLI or an SDK, with any credentials and
  AWS_ENDPOINT_URL_DYNAMODB=${table.endpoint}
Read each log group, and the audit trail (who called what)
  ${join(logs, 'audit-trail.jsonl')}
${notEmulated(app)}
What a computer can't prove (docs/first-deploy.md says how to see it on AWS)
  - AWS WAF and usage plans count approximately; here they count exactly.
  - AWS's managed rule groups are emulated from their published descriptions, approximately: ${managedGroups.join(', ') || 'none'}.
  - CloudFront compresses.
  - Cognito and DynamoDB are emulations; of IAM, only permissions of tables, functions and topics are emulated; TLS, certificates and names are not.

Log lines of the functions follow. Ctrl-C stops everything.`;
};

/** The same for programs, on one line. */
export const welcomeJson = (
  {
    mcpUrl,
    publicUrl,
    port,
    users,
    table,
    app,
  }: Pick<Gatehouse, 'mcpUrl' | 'publicUrl' | 'port' | 'users' | 'table' | 'app'>,
  configuration: string,
  logs: string,
): string =>
  JSON.stringify({
    ready: true,
    mcpUrl,
    publicUrl,
    port,
    users,
    dynamodbUrl: table.endpoint,
    configuration,
    logs,
    ...app,
  });
