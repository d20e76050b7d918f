import type { Firewall } from '../firewall/web-acl.ts';
import type { AppClient } from './app-client.ts';
import type { IdentityProvider } from './federation/identity-provider.ts';
import type { PreSignUp } from './federation/pre-sign-up.ts';
import type { Mail } from './mail.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { PreTokenGeneration } from './pre-token-generation.ts';
import type { CognitoState } from './state.ts';
import type { User } from './users.ts';

export interface ResourceServer {
  readonly identifier: string;
  /** Names without the identifier: `tools.read`, not `gatehouse/tools.read`. */
  readonly scopes: readonly string[];
}

export interface CognitoConfiguration {
  /** AWS-shaped, `eu-west-1_AbCdEf123`: aws-jwt-verify takes nothing else. */
  readonly userPoolId: string;
  readonly region: string;
  readonly clients: readonly AppClient[];
  readonly resourceServers: readonly ResourceServer[];
  /** The prefix of `{domain}.auth.{region}.amazoncognito.com`: one more name on the certificate. */
  readonly domain: string;
  readonly users: readonly User[];
  /** Of the template. @default none */
  readonly groups?: readonly string[];
  /** @default Cognito's own */
  readonly passwordPolicy?: PasswordPolicy;
  /** Is given what Cognito would send. @default nobody */
  readonly onMail?: (mail: Mail) => void;
  /** Port of the browser-facing listener; 0, the default, takes a free one. */
  readonly port?: number;
  /** The web ACL before managed login and the token endpoint. @default none */
  readonly firewall?: Firewall;
  /**
   * Applies Cognito's request quotas by this clock (milliseconds). A test that stops it sees the
   * same number of requests admitted on every machine. @default no quotas
   */
  readonly quotaClock?: () => number;
  /** What an earlier run has kept. @default nothing */
  readonly state?: CognitoState;
  /** The pool's V2 trigger; throws or rejects when the function fails. */
  readonly preTokenGeneration?: PreTokenGeneration;
  /** Rejects when the function refuses somebody. @default everybody may come */
  readonly preSignUp?: PreSignUp;
  /** Whether people may sign up by themselves. @default false */
  readonly selfSignUp?: boolean;
  /** @default none */
  readonly identityProviders?: readonly IdentityProvider[];
  /** Milliseconds since the epoch; a test's clock. Default `Date.now`. */
  readonly clock?: () => number;
}
