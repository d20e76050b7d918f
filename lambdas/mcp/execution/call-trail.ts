import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { auditTrail, type TrailOutcome } from '../../../policy/audit-trail.ts';
import { namedBy } from '../../../policy/mcp-methods.ts';
import { metricsNamespace } from '../../../policy/security-events.ts';
import { HttpError, OutOfTime } from '../../errors/errors.ts';
import type { SecuredRequest } from '../../http/request.ts';
import { ToolError } from '../authoring/tool-error.ts';

/** What the trail says of a call: filled in while it runs. */
export interface CallRecord {
  /** The definition's own name, once it is known that there is one. */
  definition?: string;
  /** Set where the call ends with something else than a result. */
  outcome?: TrailOutcome;
  code?: string;
}

/** A request as far as the trail looks at it. */
interface CalledRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly request: Pick<SecuredRequest, 'trail' | 'caller'>;
  readonly record: CallRecord;
}

export interface CallTrailSettings {
  /** Keys the hashes of arguments. */
  readonly hashKey: string;
  /** Names of the tools that have metrics of their own; undefined: there are no metrics. */
  readonly measured?: ReadonlySet<string> | undefined;
}

/** Runs a request, and writes its line of the trail at its end, whichever that is. */
export type CallTrail = <Result>(
  context: CalledRequest,
  run: () => Result | Promise<Result>,
) => Promise<Result>;

/**
 * LOG-6: a line for each call of a tool, prompt or resource. Arguments are neither written nor
 * guessed from it: their hash is keyed by what no log holds, and made with the caller's subject, so
 * that a reader who may also call cannot look for a hash of somebody else's by trying.
 */
export const callTrail = ({ hashKey, measured }: CallTrailSettings): CallTrail => {
  const key = argumentsKey(hashKey);
  return async (context, run) => {
    const { method, params, request, record } = context;
    if (!Object.hasOwn(namedBy, method)) return run();
    const began = process.hrtime.bigint();
    try {
      return await run();
    } catch (error) {
      noteError(record, error);
      throw error;
    } finally {
      const text = canonical(method === 'resources/read' ? params['uri'] : params['arguments']);
      const durationMs = Math.round(Number(process.hrtime.bigint() - began) / 1e6);
      const { outcome = 'ok' } = record;
      request.trail('call', {
        mcpMethod: method,
        definition: record.definition ?? auditTrail.unknownDefinition,
        argumentsHash: argumentsHash(key, request.caller?.sub ?? '', text),
        argumentsBytes: Buffer.byteLength(text),
        outcome,
        code: record.code,
        durationMs,
      });
      if (method === 'tools/call') measure(measured, record.definition, outcome, durationMs);
    }
  };
};

/** Notes how a call failed; the first that is noted counts. */
export const noteError = (record: CallRecord, error: unknown): void => {
  record.outcome ??= outcomeOf(error);
  if (error instanceof HttpError) record.code ??= isHidden(error) ? accessRefused : error.code;
};

const outcomeOf = (error: unknown): TrailOutcome => {
  if (error instanceof ToolError) return 'error';
  if (error instanceof OutOfTime) return 'timeout';
  if (!(error instanceof HttpError) || error.status >= 500) return 'failed';
  return isHidden(error) || [401, 403, 429].includes(error.status) ? 'refused' : 'error';
};

/** AUTH-12: the caller hears of something that is not there. */
const isHidden = ({ event }: HttpError): boolean => event === 'AccessRefused';

const accessRefused = 'access_refused';

/** Made once: Node takes longer to make a key of text than to hash with it. */
export const argumentsKey = (text: string): KeyObject => createSecretKey(text, 'utf8');

/**
 * The keyed hash that stands for arguments: the same for the same arguments of the same caller,
 * whatever the order of their keys.
 */
export const argumentsHash = (key: KeyObject, sub: string, text: string): string =>
  createHmac('sha256', key)
    .update(`gatehouse arguments\0${sub}\0${text}`)
    .digest()
    .subarray(0, auditTrail.argumentsHashBits / 8)
    .toString('base64url');

/** JSON with the keys of each object in order; what has no arguments counts as an empty object. */
export const canonical = (value: unknown): string => JSON.stringify(ordered(value ?? {}));

/** As deep as the stack lets JSON be (IN-2). */
const ordered = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(
    Object.entries(value)
      .sort(byKey)
      .map(([key, member]) => [key, ordered(member)]),
  );
};

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Number(a > b) - Number(a < b);

let shared: Metrics | undefined;

/** Three metrics a tool. Each name is paid for, so there is a bounded number of them. */
const measure = (
  measured: ReadonlySet<string> | undefined,
  definition: string | undefined,
  outcome: TrailOutcome,
  durationMs: number,
): void => {
  if (measured === undefined) return;
  if (shared === undefined) {
    shared = new Metrics({
      namespace: process.env['POWERTOOLS_METRICS_NAMESPACE'] ?? metricsNamespace,
      serviceName: 'mcp',
    });
    shared.clearDefaultDimensions();
  }
  const tool =
    definition !== undefined && measured.has(definition) ? definition : auditTrail.otherTools;
  const succeeded = outcome === 'ok' || outcome === 'input-required';
  shared
    .addDimensions({ tool })
    .addMetric('ToolCalls', MetricUnit.Count, 1)
    .addMetric('ToolErrors', MetricUnit.Count, succeeded ? 0 : 1)
    .addMetric('ToolDuration', MetricUnit.Milliseconds, durationMs)
    .publishStoredMetrics();
};
