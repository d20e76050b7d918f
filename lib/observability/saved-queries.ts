import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { savedQueryRows } from '../../policy/monitoring.ts';

export interface SavedQueriesProps {
  /** Names are unique in an account and region, so this is a part of them. */
  readonly deployment: string;
  readonly logs: QueriedLogs;
}

/** Log groups by what a query may read. */
export interface QueriedLogs {
  /** Where the functions write. */
  readonly functions: readonly ILogGroup[];
  /** The web ACLs' logs. */
  readonly firewall: readonly ILogGroup[];
  /** The audit trail. */
  readonly trail: readonly ILogGroup[];
  /** What threat protection saw of logins; none where it is off. */
  readonly logins: readonly ILogGroup[];
}

interface SavedQuery {
  readonly name: string;
  readonly logs: readonly (keyof QueriedLogs)[];
  readonly fields?: string;
  readonly filter: string;
  readonly stats?: string;
  readonly sort: string;
}

/** MON-4: what a person asks first after an alarm, or of the audit trail. The runbook names them. */
const queries: readonly SavedQuery[] = [
  {
    name: 'Repeated authentication failures from one address',
    logs: ['functions'],
    filter: 'event in ["AuthenticationFailure", "InvalidToken"]',
    stats:
      'count(*) as failures, count_distinct(code) as kinds, max(@timestamp) as latest by sourceIp, endpoint',
    sort: 'failures desc',
  },
  {
    // The web ACL refuses most of what is over a limit, and no function hears of it.
    name: 'Rate-limit events',
    logs: ['functions', 'firewall'],
    fields:
      'coalesce(sourceIp, httpRequest.clientIp) as address, coalesce(endpoint, httpRequest.uri) as place, coalesce(limit, terminatingRuleId) as rule',
    filter:
      'event = "RateLimitExceeded" or (action = "BLOCK" and (responseCodeSent = 429 or terminatingRuleType = "RATE_BASED"))',
    stats: 'count(*) as refused, max(@timestamp) as latest by rule, user, address, place',
    sort: 'refused desc',
  },
  {
    name: 'Invalid token formats',
    logs: ['functions'],
    filter: 'event = "InvalidToken"',
    stats: 'count(*) as refused, max(@timestamp) as latest by code, detail, sourceIp',
    sort: 'refused desc',
  },
  {
    name: 'CORS violations',
    logs: ['functions'],
    filter: 'event = "CorsViolation"',
    stats:
      'count(*) as refused, count_distinct(sourceIp) as addresses, max(@timestamp) as latest by origin, endpoint',
    sort: 'refused desc',
  },
  {
    name: 'Unusual MCP methods',
    logs: ['functions'],
    filter: 'event = "UnknownMcpMethod"',
    stats:
      'count(*) as calls, count_distinct(user) as users, max(@timestamp) as latest by mcpMethod, profile',
    sort: 'calls desc',
  },
  {
    name: 'Logins that failed or were a risk',
    logs: ['logins'],
    filter:
      'message.eventResponse in ["Fail", "FAIL"] or message.riskDecision in ["Block", "BLOCK"] or message.compromisedCredentialDetected = "true"',
    stats:
      'count(*) as attempts, count_distinct(message.userSub) as users, max(@timestamp) as latest by message.ipAddress, message.country, message.eventType, message.riskLevel, message.compromisedCredentialDetected',
    sort: 'attempts desc',
  },
  {
    name: 'Audit: who called what',
    logs: ['trail'],
    filter: 'trail = "call"',
    stats:
      'count(*) as calls, max(@timestamp) as latest by user, mcpMethod, definition, outcome, profile',
    sort: 'calls desc',
  },
  {
    // Whoever asks puts the hash in; the runbook says how it is made.
    name: 'Audit: what one person did',
    logs: ['trail'],
    fields:
      '@timestamp, trail, mcpMethod, definition, command, operator, detail, outcome, code, durationMs, argumentsHash, clientId, profile, sourceIp, requestId',
    filter: 'user = "0000000000000000"',
    sort: '@timestamp desc',
  },
  {
    name: 'Audit: which tool fails',
    logs: ['trail'],
    filter: 'trail = "call" and outcome not in ["ok", "input-required", "refused"]',
    stats:
      'count(*) as failures, count_distinct(user) as users, max(@timestamp) as latest by definition, outcome, code',
    sort: 'failures desc',
  },
  {
    name: 'Audit: calls and duration of each tool',
    logs: ['trail'],
    filter: 'trail = "call"',
    stats:
      'count(*) as calls, count_distinct(user) as users, avg(durationMs) as mean, pct(durationMs, 95) as p95, max(durationMs) as longest by mcpMethod, definition',
    sort: 'calls desc',
  },
  {
    name: 'Audit: which client is new',
    logs: ['trail'],
    filter: 'trail in ["approval", "login"]',
    stats:
      'min(@timestamp) as first, max(@timestamp) as latest, count_distinct(user) as users by clientId, profile',
    sort: 'first desc',
  },
  {
    name: 'Audit: what was refused to whom',
    logs: ['trail'],
    filter: 'outcome = "refused"',
    stats: 'count(*) as refused, max(@timestamp) as latest by trail, user, definition, code, limit',
    sort: 'refused desc',
  },
  {
    name: 'Audit: logins, operations and deployments',
    logs: ['trail'],
    fields:
      '@timestamp, trail, user, command, operator, detail, outcome, clientId, profile, scope, code, stack, status, sourceIp',
    filter: 'trail not in ["call", "refusal", "refresh"]',
    sort: '@timestamp desc',
  },
];

export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { deployment, logs }: SavedQueriesProps) {
    super(scope, id);
    for (const { name, logs: read, fields, filter, stats, sort } of queries) {
      const logGroups = read.flatMap((kind) => logs[kind]);
      // A query that names no log group would read whichever somebody chose last.
      if (logGroups.length === 0) continue;
      new QueryDefinition(this, name.replaceAll(/\W+/g, '-'), {
        queryDefinitionName: `${deployment}/${name}`,
        queryString: new QueryString({
          ...(fields !== undefined && { fields: [fields] }),
          filterStatements: [filter],
          ...(stats !== undefined && { statsStatements: [stats] }),
          sort,
          limit: savedQueryRows,
        }),
        logGroups,
      });
    }
  }
}
