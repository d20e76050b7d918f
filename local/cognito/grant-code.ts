import { randomUUID } from 'node:crypto';
import { type AuthorizationRequest, responseLocation } from './authorization-request.ts';
import type { Pool } from './pool.ts';
import {
  preTokenGenerationEvent,
  readOverrides,
  type TokenOverrides,
} from './pre-token-generation.ts';
import type { Session } from './sessions.ts';
import type { Person } from './users.ts';

/**
 * Runs the trigger, if the pool has one. Rejects with what Cognito would put into
 * `error_description`.
 */
export const runTrigger = async (
  pool: Pool,
  source: 'TokenGeneration_HostedAuth' | 'TokenGeneration_RefreshTokens',
  client: AuthorizationRequest['client'],
  person: Person,
  scopes: readonly string[],
): Promise<TokenOverrides> => {
  const trigger = pool.configuration.preTokenGeneration;
  if (!trigger) return {};
  try {
    return readOverrides(
      await trigger(preTokenGenerationEvent(pool.configuration, source, client, person, scopes)),
    );
  } catch (cause) {
    throw new Error('PreTokenGeneration failed with error', { cause });
  }
};

/**
 * Where the browser goes once somebody is signed in: back to the app with a code, or with the
 * trigger's failure.
 */
export const grantCode = async (
  pool: Pool,
  request: AuthorizationRequest,
  session: Session,
): Promise<string> => {
  const { client, redirectUri, state, scopes, codeChallenge, nonce, resource } = request;
  const person = pool.directory.bySub(session.sub);
  if (!person) return responseLocation(redirectUri, { error: 'server_error', state });
  try {
    const overrides = await runTrigger(pool, 'TokenGeneration_HostedAuth', client, person, scopes);
    const code = pool.grants.issueCode(
      {
        redirectUri,
        ...(codeChallenge !== undefined && { codeChallenge }),
        grant: {
          clientId: client.clientId,
          sub: person.sub,
          scopes,
          authTime: session.authTime + pool.tokenTime() - pool.now(),
          originJti: randomUUID(),
          eventId: randomUUID(),
          overrides,
          ...(nonce !== undefined && { nonce }),
          ...(resource !== undefined && { resource }),
        },
      },
      pool.now(),
    );
    return responseLocation(redirectUri, { code, state });
  } catch (error) {
    const description = error instanceof Error ? error.message : undefined;
    return responseLocation(redirectUri, {
      error_description: description,
      error: 'invalid_request',
      state,
    });
  }
};
