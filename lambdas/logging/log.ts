import { Logger } from '@aws-lambda-powertools/logger';
import { describeError, filtered } from './redaction.ts';
import type { SafeFields, SafeLogger } from './safe-logger.ts';
import { type TrailSubjects, trailLine, type WriteTrail } from './trail.ts';
import { trailWriter } from './trail-writer.ts';

export interface LogSettings {
  readonly service: string;
  readonly environment: 'production' | 'development';
  /**
   * LOG_SENSITIVE_DATA: switches the last-line filter off; the allow-list stays. Development only.
   */
  readonly sensitive?: boolean | undefined;
  /** How people stand in the audit trail (LOG-6). @default hashed */
  readonly subjects?: TrailSubjects | undefined;
}

/** What every line of one request carries. */
export interface Correlation {
  readonly requestId: string;
  /** W3C trace id, when the caller sent a `traceparent`. */
  traceId?: string | undefined;
  readonly endpoint: string;
}

// The one list of what is written: a name that is missing here does not compile, one that is not in
// `SafeFields` neither.
export const allowed: Readonly<Record<keyof SafeFields, true>> = {
  code: true,
  status: true,
  detail: true,
  cause: true,
  method: true,
  path: true,
  origin: true,
  sourceIp: true,
  user: true,
  clientId: true,
  profile: true,
  host: true,
  scope: true,
  limit: true,
  retryAfterSeconds: true,
  mcpMethod: true,
  tool: true,
  protocolVersion: true,
  durationMs: true,
  count: true,
};

const picked = (fields: SafeFields): Record<string, string | number> => {
  const line: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!Object.hasOwn(allowed, name) || value === undefined) continue;
    if (name === 'cause') line[name] = describeError(value, (fields.status ?? 500) >= 500);
    else if (typeof value === 'string' || typeof value === 'number') line[name] = value;
  }
  return line;
};

/** A request's logger: of a definition's reach is the `SafeLogger` in it alone. */
interface RequestLog extends SafeLogger {
  readonly event: (name: string, fields: SafeFields) => void;
  readonly trail: WriteTrail;
}

/** Makes a request's logger from a function's. */
export type Log = (correlation: Correlation) => RequestLog;

/**
 * Structured JSON by Powertools (LOG-1), one line a call. Powertools' own logger takes anything; it
 * stays in this file, and what leaves it takes `SafeFields` only. It is made with the first line,
 * since most requests write none.
 */
export const log = ({ service, environment, sensitive, subjects = 'hashed' }: LogSettings): Log => {
  let shared: Logger | undefined;
  const production = environment === 'production';
  const keep = (_name: string, text: string) => text;
  const filter = sensitive ? keep : filtered;
  const jsonReplacerFn = (key: string, value: unknown) =>
    typeof value === 'string' ? filter(key, value) : value;
  const logger = (): Logger => {
    shared ??= new Logger({
      serviceName: service,
      // LOG-1: no DEBUG in production, sampled or not.
      ...(production && { sampleRateValue: 0 }),
      jsonReplacerFn,
    });
    return shared;
  };
  // Whatever level somebody sets to have fewer lines, the trail goes on.
  const writeTrail = trailWriter(service, filter);

  return (correlation) => {
    // A sample is drawn for each request, not once an instance.
    if (!production) logger().refreshSampleRateCalculation();
    const line = (fields: SafeFields | undefined) => ({
      ...correlation,
      ...(fields && picked(fields)),
    });
    return {
      debug: (message, fields) => {
        if (!production) logger().debug(message, line(fields));
      },
      info: (message, fields) => logger().info(message, line(fields)),
      warning: (message, fields) => logger().warn(message, line(fields)),
      error: (message, fields) => logger().error(message, line(fields)),
      event: (name, fields) => logger().warn('Security event', { event: name, ...line(fields) }),
      // A subscription of the log group takes it from here (lib/audit.ts).
      trail: (kind, entry) => writeTrail(trailLine(kind, correlation, entry, subjects)),
    };
  };
};
