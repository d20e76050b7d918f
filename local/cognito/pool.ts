import type { AppClient } from './app-client.ts';
import type { CognitoConfiguration } from './configuration.ts';
import type { PendingLogins } from './federation/pending-logins.ts';
import type { LoginSteps } from './login-steps.ts';
import type { Mail } from './mail.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Grants } from './token-sessions.ts';
import type { Directory } from './users.ts';

/** The pool's groups, by name. */
export interface Groups {
  all(): readonly string[];
  add(name: string): void;
}

/**
 * What every endpoint works on: the configuration, the keys, the directory and what was granted.
 */
export interface Pool {
  readonly configuration: CognitoConfiguration;
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly directory: Directory;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly steps: LoginSteps;
  readonly pendingLogins: PendingLogins;
  readonly passwordPolicy: PasswordPolicy;
  readonly groups: Groups;
  sendMail(mail: Mail): void;
  client(clientId: string): AppClient | undefined;
  clients(): readonly AppClient[];
  /** Both are accepted from now on. @returns the new one */
  addClientSecret(clientId: string): string;
  dropOlderClientSecret(clientId: string): void;
  /** Seconds since the epoch, without the skew of issued tokens. */
  now(): number;
  /** What tokens take for now. */
  tokenTime(): number;
}
