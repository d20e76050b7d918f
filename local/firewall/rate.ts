import * as z from 'zod';
import type { GatewayRequest } from '../gateway/request.ts';
import {
  forwardedAddresses,
  forwardedIpConfig,
  type Inspection,
  matches,
  statement,
} from './statements.ts';
import { textTransformations, transform } from './text-transformations.ts';

const nothing = z.strictObject({});
const transformed = z.strictObject({ TextTransformations: textTransformations });
const namedTransformed = transformed.extend({ Name: z.string() });

const customKey = z.union([
  z.strictObject({ IP: nothing }),
  z.strictObject({ ForwardedIP: nothing }),
  z.strictObject({ HTTPMethod: nothing }),
  z.strictObject({ UriPath: transformed }),
  z.strictObject({ QueryString: transformed }),
  z.strictObject({ Header: namedTransformed }),
  z.strictObject({ QueryArgument: namedTransformed }),
]);

type CustomKey = z.infer<typeof customKey>;

export const rateBasedStatement = z.strictObject({
  AggregateKeyType: z.enum(['IP', 'FORWARDED_IP', 'CUSTOM_KEYS', 'CONSTANT']),
  CustomKeys: z.array(customKey).default([]),
  EvaluationWindowSec: z
    .union([z.literal(60), z.literal(120), z.literal(300), z.literal(600)])
    .default(300),
  ForwardedIPConfig: forwardedIpConfig.optional(),
  Limit: z.int().min(10),
  ScopeDownStatement: statement.optional(),
});

type RateBasedStatement = z.infer<typeof rateBasedStatement>;

/**
 * A rate-based rule. AWS counts over a sliding window too, but a little late and about the limit;
 * here the request after the limit is the first one over it, exactly, so that tests can say so.
 * Requests over the limit go on counting, as on AWS.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
export class RateCounter {
  readonly #statement: RateBasedStatement;
  /**
   * Times of an aggregation key's latest requests: one more than the limit is all that a decision
   * needs.
   */
  readonly #times = new Map<string, number[]>();
  #sweptAt = 0;

  constructor(statement: RateBasedStatement) {
    this.#statement = statement;
  }

  /** Counts the request if it is in scope, and says whether its key is over the limit with it. */
  isOver(inspection: Inspection): boolean {
    const { ScopeDownStatement, Limit, EvaluationWindowSec } = this.#statement;
    if (ScopeDownStatement && !matches(ScopeDownStatement, inspection)) return false;
    const key = this.#key(inspection.request);
    if (key === 'fallback') return true;
    if (key === undefined) return false;
    const now = inspection.request.receivedAt;
    const since = now - EvaluationWindowSec * 1000;
    this.#sweep(now, since);
    const times = [...(this.#times.get(key.text) ?? []).filter((time) => time > since), now].slice(
      -(Limit + 1),
    );
    this.#times.set(key.text, times);
    return times.length > Limit;
  }

  /**
   * The aggregation key; undefined when the request lacks a part of it and is not counted;
   * `fallback` when the rule applies without counting.
   */
  #key(request: GatewayRequest): { readonly text: string } | 'fallback' | undefined {
    const { AggregateKeyType, CustomKeys } = this.#statement;
    if (AggregateKeyType === 'CONSTANT') return { text: '' };
    if (AggregateKeyType === 'IP') return { text: request.sourceIp };
    if (AggregateKeyType === 'FORWARDED_IP') return this.#forwarded(request);
    const parts: string[] = [];
    for (const key of CustomKeys) {
      if ('ForwardedIP' in key) {
        const forwarded = this.#forwarded(request);
        if (forwarded === undefined || forwarded === 'fallback') return forwarded;
        parts.push(forwarded.text);
        continue;
      }
      const part = keyPart(key, request);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return { text: JSON.stringify(parts) };
  }

  #forwarded(request: GatewayRequest): { readonly text: string } | 'fallback' | undefined {
    const config = this.#statement.ForwardedIPConfig;
    const addresses = forwardedAddresses(request.header(config?.HeaderName ?? ''));
    if (addresses === 'absent') return undefined;
    if (addresses === 'malformed')
      return config?.FallbackBehavior === 'MATCH' ? 'fallback' : undefined;
    return { text: addresses[0] ?? '' };
  }

  /** Forgets keys that have been quiet for a window. */
  #sweep(now: number, since: number): void {
    if (now - this.#sweptAt < this.#statement.EvaluationWindowSec * 1000) return;
    this.#sweptAt = now;
    for (const [key, times] of this.#times)
      if ((times.at(-1) ?? 0) <= since) this.#times.delete(key);
  }
}

const keyPart = (
  key: Exclude<CustomKey, { ForwardedIP: unknown }>,
  request: GatewayRequest,
): string | undefined => {
  if ('IP' in key) return request.sourceIp;
  if ('HTTPMethod' in key) return request.httpMethod;
  if ('UriPath' in key) return transform(request.rawPath, key.UriPath.TextTransformations);
  if ('QueryString' in key) return transform(request.rawQuery, key.QueryString.TextTransformations);
  const [text, transformations] =
    'Header' in key
      ? [request.header(key.Header.Name), key.Header.TextTransformations]
      : [request.query.get(key.QueryArgument.Name)?.at(-1), key.QueryArgument.TextTransformations];
  return text === undefined ? undefined : transform(text, transformations);
};
