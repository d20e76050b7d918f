import type * as z from 'zod/mini';
import { missingScopes } from '../../configuration/scopes.ts';
import { InsufficientScope, InvalidParameters } from '../../errors/errors.ts';
import type { Caller } from '../../http/caller.ts';
import type { SecuredRequest } from '../../http/request.ts';
import type { Call } from '../execution/call.ts';
import type { CallRecord, CallTrail } from '../execution/call-trail.ts';
import type { Registry } from '../execution/registry.ts';
import type { Json } from './json.ts';
import type { Message, RequestId } from './message.ts';
import type { NegotiatedProtocol } from './negotiation.ts';

/** What all messages of one HTTP request share. */
export interface HttpContext {
  readonly request: SecuredRequest;
  readonly caller: Caller;
  readonly registry: Registry;
  /** Calls under way in this process, for `notifications/cancelled` to find. */
  readonly running: Map<string, Call>;
  readonly trail: CallTrail;
}

/** One request being served: what each method is handed. */
export interface RequestContext extends HttpContext, NegotiatedProtocol, Message {
  readonly id: RequestId;
  /** Sends a message before the response; absent where the client takes no stream. */
  readonly send: ((message: Json) => void) | undefined;
  /** What the audit trail says of it. */
  readonly record: CallRecord;
}

/** Returns the JSON of a request's result. @throws HttpError */
export type Method = (context: RequestContext) => Json | Promise<Json>;

/**
 * The request's parameters by a method's own schema.
 * @throws InvalidParameters naming the place,
 * not the value
 */
export const parseParameters = <Schema extends z.ZodMiniType>(
  schema: Schema,
  { params }: Pick<RequestContext, 'params'>,
): z.output<Schema> => {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.map(String).join('.') || 'params';
  throw malformed(place);
};

/** Names the place, not the value. */
export const malformed = (place: string): InvalidParameters =>
  new InvalidParameters({ message: `Invalid params: ${place} is missing or malformed.` });

/**
 * AUTH-8. The authorizer has decided the same for modern requests; nothing here trusts it.
 * @throws InsufficientScope
 */
export const requireScopes = (
  scopes: readonly string[],
  { caller }: Pick<RequestContext, 'caller'>,
): void => {
  const missing = missingScopes(scopes, caller.scopes);
  if (missing.length === 0) return;
  throw new InsufficientScope({
    message: `The access token lacks a scope that this needs: ${missing.join(' ')}.`,
    fix: 'Log in again and grant it.',
    data: { requiredScopes: missing },
  });
};
