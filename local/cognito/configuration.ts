import type { FaultSwitch } from '../loopback/faults.ts';
import type { ForgedToken } from './forge.ts';
import type { PreTokenGeneration } from './pre-token-generation.ts';

/**
 * An app client as the template describes it; `readAppClient` (template.ts) makes one of
 * `AWS::Cognito::UserPoolClient`.
 */
export interface AppClient {
  readonly clientId: string;
  /** Absent for a public client, which then must not send one. */
  readonly clientSecret?: string;
  /** A second secret that is accepted as well, as during a rotation. */
  readonly previousClientSecret?: string;
  readonly clientName: string;
  /** Compared byte for byte. */
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  /** Only `code` is played; a template that asks for another flow is refused. */
  readonly flows: readonly 'code'[];
  /**
   * Allowed scopes: `openid`, `email`, `phone`, `profile`, `aws.cognito.signin.user.admin` and
   * `{resource server}/{scope}`.
   */
  readonly scopes: readonly string[];
  readonly accessTokenSeconds: number;
  readonly idTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** Absent: a refresh token stays the same for its whole life. */
  readonly refreshRotation?: { readonly graceSeconds: number };
  readonly explicitAuthFlows: readonly string[];
  readonly tokenRevocation: boolean;
}

export interface ResourceServer {
  readonly identifier: string;
  /** Names without the identifier: `tools.read`, not `gatehouse/tools.read`. */
  readonly scopes: readonly string[];
}

/** Somebody in the directory. Passwords are kept as scrypt hashes. */
export interface User {
  readonly email: string;
  readonly password: string;
  /** Default: a random UUID. */
  readonly sub?: string;
  /** Default: the `sub`, as in a pool whose people sign in by email. */
  readonly username?: string;
  /** Further attributes for `/oauth2/userInfo` and the trigger's event. */
  readonly attributes?: Readonly<Record<string, string>>;
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
  /** Port of the browser-facing listener; 0, the default, takes a free one. */
  readonly port?: number;
  /** The pool's V2 trigger; throws or rejects when the function fails. */
  readonly preTokenGeneration?: PreTokenGeneration;
  /** Milliseconds since the epoch; a test's clock. Default `Date.now`. */
  readonly clock?: () => number;
}

/** The running stand-in. Both listeners are on 127.0.0.1 and, where the machine has it, [::1]. */
export interface Cognito {
  /**
   * `http://localhost:{port}`: what stands for `https://{domain}.auth.{region}.amazoncognito.com`.
   */
  readonly domainUrl: string;
  /** `https://cognito-idp.{region}.amazonaws.com/{pool id}`, as it stands in tokens. */
  readonly issuer: string;
  /**
   * Host names that a worker must reach here: `cognito-idp.{region}.amazonaws.com` and the hosted
   * domain's.
   */
  readonly hosts: readonly string[];
  readonly apiPort: number;
  readonly domainPort: number;
  /** PEM of the certificate authority to trust for `hosts`. Its key dies with this process. */
  readonly certificateAuthority: string;
  /**
   * Faults of the https listener: JWKS, discovery, DescribeUserPoolClient, and the hosted domain by
   * its AWS name.
   */
  readonly apiFaults: FaultSwitch;
  /** Faults of the plain-http listener: authorize, login, token, revoke, userInfo, logout. */
  readonly domainFaults: FaultSwitch;
  /** A new signing key; the old one leaves the JWKS at once. */
  rotateKeys(): Promise<void>;
  /** Moves `iat`, `auth_time` and `exp` of tokens issued from now on. */
  skewClock(seconds: number): void;
  /**
   * Adds a second secret to an app client, as AddUserPoolClientSecret does: DescribeUserPoolClient
   * tells the new one, both are accepted.
   */
  rotateClientSecret(clientId: string): string;
  /** Ends a rotation: only the newest secret is accepted. */
  dropPreviousClientSecret(clientId: string): void;
  /** A token signed with the pool's own key, whatever it says. */
  mint(token: ForgedToken): Promise<string>;
  /**
   * How often each operation was called since the last reset, by name (`Token`, `Jwks`,
   * `DescribeUserPoolClient`, …).
   */
  counts(): Readonly<Record<string, number>>;
  resetCounts(): void;
  stop(): Promise<void>;
}
