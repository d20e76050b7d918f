import { UserError } from '../../lib/user-error.ts';
import { type Running, runningIn } from '../../local/state/running-file.ts';
import { makeAws } from '../aws/aws.ts';
import { operatorTrail } from './operator-trail.ts';
import { scanOf, tableOf } from './table.ts';
import type { Target } from './target.ts';

/** Nobody there verifies a signature; a key of no role is the owner of the computer. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export const localTarget = ({
  mcpUrl,
  region,
  userPool,
  table,
  trail,
  subjects,
  dynamodb,
  logs,
  cognito,
}: Running): Target => {
  const aws = makeAws({
    region,
    credentials,
    endpoints: { dynamodb: { url: dynamodb }, logs: { url: logs }, 'cognito-idp': cognito },
  });
  return {
    title: `local runtime ${mcpUrl}`,
    isLocal: true,
    mcpUrl,
    userPool,
    tableName: table,
    aws,
    table: tableOf(aws, table),
    scan: scanOf(aws, table),
    // No STS answers here.
    write: operatorTrail({ aws, logGroup: trail, subjects, operator: async () => 'local' }),
  };
};

/**
 * The local runtime that runs for the app of a folder.
 * @param port - where several run
 * @throws UserError where there is none, or it is not clear which
 */
export const findLocal = (folder: string, port?: number): Target => {
  const running = runningIn(folder).filter((each) => port === undefined || each.port === port);
  const [only, ...more] = running;
  if (only === undefined)
    throw new UserError(
      'No local runtime runs for this folder: start one with "npx gatehouse start", or name a deployment with --stack.',
    );
  if (more.length > 0)
    throw new UserError(
      `Several local runtimes run here: name one with --local ${running.map((each) => each.port).join(' or --local ')}.`,
    );
  return localTarget(only);
};
