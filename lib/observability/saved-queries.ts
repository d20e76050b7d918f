import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { savedQueryRows } from '../../policy/monitoring.ts';

export interface SavedQueriesProps {
  /** Names are unique in an account and region, so this is a part of them. */
  readonly deployment: string;
  /** Where the functions write. */
  readonly functionLogs: readonly ILogGroup[];
}

interface SavedQuery {
  readonly name: string;
  readonly event: string;
  readonly stats: string;
  readonly sort: string;
}

/** MON-4: what a person asks first after an alarm. The runbook names them. */
const queries = [
  {
    name: 'Repeated authentication failures from one address',
    event: 'event in ["AuthenticationFailure", "InvalidToken"]',
    stats:
      'count(*) as failures, count_distinct(code) as kinds, max(@timestamp) as latest by sourceIp, endpoint',
    sort: 'failures desc',
  },
  {
    name: 'Rate-limit events',
    event: 'event = "RateLimitExceeded"',
    stats: 'count(*) as refused, max(@timestamp) as latest by limit, user, sourceIp, endpoint',
    sort: 'refused desc',
  },
  {
    name: 'Invalid token formats',
    event: 'event = "InvalidToken"',
    stats: 'count(*) as refused, max(@timestamp) as latest by code, detail, sourceIp',
    sort: 'refused desc',
  },
  {
    name: 'CORS violations',
    event: 'event = "CorsViolation"',
    stats:
      'count(*) as refused, count_distinct(sourceIp) as addresses, max(@timestamp) as latest by origin, endpoint',
    sort: 'refused desc',
  },
  {
    name: 'Unusual MCP methods',
    event: 'event = "UnknownMcpMethod"',
    stats:
      'count(*) as calls, count_distinct(user) as users, max(@timestamp) as latest by mcpMethod, profile',
    sort: 'calls desc',
  },
] as const satisfies readonly SavedQuery[];

export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { deployment, functionLogs }: SavedQueriesProps) {
    super(scope, id);
    for (const { name, event, stats, sort } of queries)
      new QueryDefinition(this, name.replaceAll(' ', '-'), {
        queryDefinitionName: `${deployment}/${name}`,
        queryString: new QueryString({
          filterStatements: [event],
          statsStatements: [stats],
          sort,
          limit: savedQueryRows,
        }),
        logGroups: [...functionLogs],
      });
  }
}
