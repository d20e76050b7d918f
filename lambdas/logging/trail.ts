import {
  auditTrail,
  type TrailKind,
  type TrailOutcome,
  type trailFields,
  type trailSubjects,
} from '../../policy/audit-trail.ts';
import { userHash } from './user-hash.ts';

/** How people stand in the trail: by a hash alone, or by their subject beside it. */
export type TrailSubjects = (typeof trailSubjects)[number];

/** What a line of the audit trail is made of (LOG-6): names and figures, never what was sent. */
export interface TrailEntry {
  /** Of a person or a machine. Written as it is only where the configuration says so. */
  readonly sub?: string | undefined;
  readonly clientId?: string | undefined;
  readonly profile?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly scope?: string | undefined;
  readonly mcpMethod?: string | undefined;
  /** The name of a tool, prompt or resource that the server has. */
  readonly definition?: string | undefined;
  readonly argumentsHash?: string | undefined;
  readonly argumentsBytes?: number | undefined;
  readonly outcome?: TrailOutcome | undefined;
  /** Stable error code (lambdas/errors). */
  readonly code?: string | undefined;
  /** Which limit refused: `tool per minute`. */
  readonly limit?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly sourceIp?: string | undefined;
  /** Of an operation: `user block`. */
  readonly command?: string | undefined;
  /** Who typed it, as AWS names them: `assumed-role/Admin/ada`. */
  readonly operator?: string | undefined;
  readonly detail?: string | undefined;
}

/** Writes a line of the trail. */
export type WriteTrail = (kind: TrailKind, entry: TrailEntry) => void;

/** A line of the trail, but for the fields that every log line has. */
export type TrailLine = {
  -readonly [Field in keyof typeof trailFields]?: string | number | undefined;
};

/** What every line of one request carries; the access log has its endpoint, by the request's id. */
type Origin = Pick<TrailLine, 'requestId' | 'traceId'>;

/** The fields of a line beside those that every log line has. The one place that names a subject. */
export const trailLine = (
  kind: TrailKind,
  { requestId, traceId }: Origin,
  { sub, groups, ...entry }: TrailEntry,
  subjects: TrailSubjects,
): TrailLine => {
  const line: TrailLine = { requestId, traceId, trail: kind, ...entry };
  if (sub !== undefined) line.user = userHash(sub);
  if (sub !== undefined && subjects === 'plain') line.subject = sub;
  // A provider's group may hold single spaces (policy/groups): with one between them, `sales finance`
  // would read as two.
  if (groups !== undefined && groups.length > 0)
    line.groups = groups.join('  ').slice(0, auditTrail.textCharacters);
  return line;
};
