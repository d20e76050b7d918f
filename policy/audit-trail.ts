/** What a line that a function writes tells of: the value of its field `trail`. */
export const functionTrailKinds = [
  /** A tool, prompt or resource was called: its end, whichever it was. */
  'call',
  /** A request with a valid token that was refused before anything looked at its body. */
  'refusal',
  /** A person approved a client on the consent page, or denied it. */
  'approval',
  'denial',
  /** A client redeemed its code: somebody is logged in. */
  'login',
  'refresh',
  /** A client gave a login back, or its refresh token came back from a thief. */
  'revocation',
] as const;

/**
 * All of them. What runs in a function can print what it likes, so no line of a function is taken
 * for one of the others.
 */
export const trailKinds = [
  ...functionTrailKinds,
  /** CloudFormation changed the stack, and with it the configuration. */
  'deployment',
  /** An operator's command is about to change a person, a group or a machine, or is done with it. */
  'operation',
] as const;

export type TrailKind = (typeof trailKinds)[number];

/** How a call ended. */
export const trailOutcomes = [
  'ok',
  /** The tool said so, its arguments were no good, or there is no such tool. */
  'error',
  /** By a scope, a group, a limit or a block: `code` says which. */
  'refused',
  'cancelled',
  'timeout',
  /** The client is asked for more first (2026-07-28, "Multi Round-Trip Requests"). */
  'input-required',
  /** The tool, or something of ours, broke. */
  'failed',
] as const;

export type TrailOutcome = (typeof trailOutcomes)[number];

/**
 * LOG-6: every field that a line of the trail may have, and its type. What is not listed here is
 * neither written nor taken over. `subject` is written where the configuration says so.
 */
export const trailFields = {
  trail: 'text',
  timestamp: 'text',
  requestId: 'text',
  traceId: 'text',
  xray_trace_id: 'text',
  service: 'text',
  sourceIp: 'text',
  user: 'text',
  subject: 'text',
  clientId: 'text',
  profile: 'text',
  groups: 'text',
  scope: 'text',
  mcpMethod: 'text',
  definition: 'text',
  argumentsHash: 'text',
  argumentsBytes: 'number',
  outcome: 'text',
  code: 'text',
  limit: 'text',
  durationMs: 'number',
  /** Of a deployment: the stack, and what became of it. */
  stack: 'text',
  status: 'text',
  /** Of an operation: the command, who typed it, and what of (a group, a limit, a grant). */
  command: 'text',
  operator: 'text',
  detail: 'text',
} as const satisfies Readonly<Record<string, 'text' | 'number'>>;

export type TrailField = keyof typeof trailFields;

/** Where subjects stand in the trail. */
export const trailSubjects = ['hashed', 'plain'] as const;

export const auditTrail = {
  /** Of the keyed hash that stands for a call's arguments. */
  argumentsHashBits: 128,
  /** Of the hash that stands for the id of a line: what came twice is told by id, request and time. */
  lineIdBits: 72,
  /** A name that no definition of the server has. */
  unknownDefinition: '(unknown)',
  /** Characters of one text: all group names of a person, at most. */
  textCharacters: 1000,
  /** Tools that have metrics of their own where metrics are on; the others share one name. */
  mostMeasuredTools: 50,
  otherTools: 'other',
  /** Log stream of the trail's log group that operators' commands write to. */
  operatorStream: 'operators',
  /** A batch of CloudWatch Logs, unpacked. Lambda takes 6 MB, packed. */
  batchBytes: 32 * 1024 * 1024,
  /** How the delivery stream to a bucket gathers lines: whichever comes first. */
  bucketBuffer: { seconds: 300, megabytes: 5 },
  bucketPrefix: 'gatehouse-audit',
} as const;
