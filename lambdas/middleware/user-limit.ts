import type { APIGatewayProxyEvent } from 'aws-lambda';
import { sizes } from '../../policy/limits.ts';
import { HttpError, Unexpected } from '../errors/errors.ts';
import type { Caller } from '../http/caller.ts';
import { isTooDeep } from '../http/json-depth.ts';
import type { CountedRequest, LimitedTools, LimitUser } from '../user-limit/user-limit.ts';
import { type Middleware, type MutableRequest, requestOf } from './request-context.ts';

const callerOf = ({ caller }: MutableRequest): Caller => {
  if (!caller) throw new Unexpected({ detail: 'a user limit needs authentication' });
  return caller;
};

/** LOG-6: a request that is refused here has no other line in the trail. */
const counting = async <Result>(
  request: MutableRequest,
  count: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await count();
  } catch (error) {
    if (error instanceof HttpError)
      request.trail('refusal', {
        definition: error.about.tool,
        outcome: error.status < 500 ? 'refused' : 'failed',
        code: error.code,
        limit: error.about.limit,
      });
    throw error;
  }
};

/**
 * RATE-5: counts a request against its user before anything is refused for its body. One that is no
 * JSON, too long or of another type costs its user as much as any other, and a blocked user is told
 * so whatever is sent.
 *
 * @param limitedTools - only where a tool has a limit of its own: the body is then read here, as far
 * as it can be, so that both limits are one write
 */
export const userLimit = (limitUser: LimitUser, limitedTools?: LimitedTools): Middleware => ({
  before: async ({ event }) => {
    const request = requestOf(event);
    const caller = callerOf(request);
    const tools = limitedTools?.(readableJson(event), caller) ?? [];
    const count: CountedRequest = { calls: 1, ...(tools.length > 0 && { tools }) };
    request.personalLimit = await counting(request, () => limitUser(caller, count, request));
  },
});

/** RATE-5: a batch of n counts n: `userLimit` has counted its first message, this adds the rest. */
export const batchLimit = (limitUser: LimitUser): Middleware => ({
  before: async ({ event }) => {
    const request = requestOf(event);
    if (!Array.isArray(request.json) || request.json.length < 2) return;
    const calls = request.json.length - 1;
    const rest = { calls, personal: request.personalLimit ?? {} };
    await counting(request, () => limitUser(callerOf(request), rest, request));
  },
});

/** Undefined for what the stack will refuse: too long, too deep, no JSON. */
const readableJson = ({ body, isBase64Encoded }: APIGatewayProxyEvent): unknown => {
  if (body === null || body.length > sizes.bodyBytes * 2) return undefined;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (text.length > sizes.bodyBytes || isTooDeep(text, sizes.jsonDepth)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
