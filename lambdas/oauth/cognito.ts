import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import type { RotatingSecret } from '../aws/rotating-secret.ts';
import { TemporarilyUnavailable } from '../errors/errors.ts';
import { agentOf } from '../http/agent.ts';
import {
  type OutboundRequest,
  OutboundRequestFailed,
  type OutboundResponse,
  sendRequest,
} from '../http/outbound-request.ts';

/**
 * The confidential app client of a client profile (OAUTH-13). `secrets` throws TemporarilyUnavailable.
 */
export interface AppClient {
  readonly profile: string;
  readonly id: string;
  readonly secrets: RotatingSecret;
}

const oauthError = z.object({ error: z.string(), error_description: z.optional(z.string()) });

/** The trigger's failure comes as `invalid_grant`, though the code or token is as good as before. */
const isTriggerFailure = ({ error_description: words }: z.infer<typeof oauthError>): boolean =>
  words?.includes('PreTokenGeneration') === true;

// The whole wait, a second try included, stays within policy's limit.
const post = async (
  url: URL,
  secret: string,
  id: string,
  form: Readonly<Record<string, string>>,
): Promise<OutboundResponse> => {
  const deadline = performance.now() + timeouts.cognitoSeconds * 1000;
  const request = (): OutboundRequest => ({
    url,
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({ ...form, client_id: id }).toString(),
    timeoutMs: Math.max(1, Math.floor(deadline - performance.now())),
    maximumBytes: sizes.serviceAnswerBytes,
    agent: agentOf(url.protocol),
  });
  return sendRequest(request()).catch((error: unknown) => {
    // A frozen function wakes with connections that Cognito closed long ago. If the request did
    // arrive, the second one is refused as a repetition: no worse than giving up now.
    if (!(error instanceof OutboundRequestFailed) || !error.stale) throw error;
    // Since the first may have arrived, a failure of the second is none without effect.
    return sendRequest(request()).catch((again) =>
      Promise.reject(new OutboundRequestFailed(true, false, again)),
    );
  });
};

/**
 * A machine's form, with the secret that it sent. @returns undefined when Cognito does not know them
 * @throws TemporarilyUnavailable
 */
export const askAsMachine = async <T>(
  url: URL,
  { id, secret }: { readonly id: string; readonly secret: string },
  form: Readonly<Record<string, string>>,
  schema: z.ZodMiniType<T>,
): Promise<T | undefined> => {
  const response = await post(url, secret, id, form).catch((cause: unknown) => {
    throw new TemporarilyUnavailable({ detail: 'Cognito gave no response', cause });
  });
  const success = schema.safeParse(response.json);
  if (response.status === 200 && success.success) return success.data;
  const error = oauthError.safeParse(response.json).data?.error;
  if (error === 'invalid_client') return undefined;
  throw new TemporarilyUnavailable({
    detail: `Cognito responded ${response.status} ${error ?? 'and nonsense'} to a machine`,
  });
};

/**
 * One form to one of Cognito's OAuth endpoints, with the app client's secret.
 * @returns undefined when Cognito says `invalid_grant`: the code or token is spent, revoked,
 * expired or not this client's
 * @throws TemporarilyUnavailable when Cognito is down, slow or responds with nonsense; its cause is an
 * `OutboundRequestFailed` when there was no response
 */
export const askCognito = async <T>(
  url: URL,
  { id, secrets }: AppClient,
  form: Readonly<Record<string, string>>,
  schema: z.ZodMiniType<T>,
): Promise<T | undefined> => {
  const tried = new Set<string>();
  for (const again of [false, true]) {
    for (const secret of await secrets(again)) {
      if (tried.has(secret)) continue;
      tried.add(secret);
      const response = await post(url, secret, id, form).catch((cause: unknown) => {
        throw new TemporarilyUnavailable({ detail: 'Cognito gave no response', cause });
      });
      const success = schema.safeParse(response.text === '' ? {} : response.json);
      if (response.status === 200 && success.success) return success.data;
      const { data: failure } = oauthError.safeParse(response.json);
      const error = failure && isTriggerFailure(failure) ? 'trigger failure' : failure?.error;
      if (error === 'invalid_grant') return undefined;
      if (error !== 'invalid_client')
        throw new TemporarilyUnavailable({
          detail: `Cognito responded ${response.status} ${error ?? 'and nonsense'}`,
        });
    }
  }
  throw new TemporarilyUnavailable({ detail: 'Cognito knows none of the app client secrets' });
};
