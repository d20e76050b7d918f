import { randomBytes } from 'node:crypto';
import { cognitoFigures } from './figures.ts';
import type { CognitoState } from './state.ts';

/**
 * A browser's managed-login session: whoever holds it is not asked for a password again by any app
 * client of the pool.
 */
export interface Session {
  readonly sub: string;
  readonly authTime: number;
}

export interface Sessions {
  start(session: Session): string;
  find(id: string | undefined, now: number): Session | undefined;
  /** All of them, for a restart. */
  state(): CognitoState['browserSessions'];
}

/** The name that Cognito gives its session cookie. */
export const sessionCookie = 'cognito';

export const makeSessions = (kept: CognitoState['browserSessions'] = []): Sessions => {
  const sessions = new Map<string, Session>(kept.map(({ id, ...session }) => [id, session]));
  return {
    start: (session) => {
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, session);
      return id;
    },
    find: (id, now) => {
      const session = id === undefined ? undefined : sessions.get(id);
      return session !== undefined && now < session.authTime + cognitoFigures.sessionSeconds
        ? session
        : undefined;
    },
    state: () => [...sessions].map(([id, session]) => ({ id, ...session })),
  };
};

/**
 * One cookie's value from a `Cookie` header; of several with the name, the first, as browsers send
 * the most specific one first.
 */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  const prefix = `${name}=`;
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
};

// No `Secure`: the local runtime speaks plain http, and Safari keeps no Secure cookie from
// http://localhost.
export const setCookie = (name: string, value: string): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`;
