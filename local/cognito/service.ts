import type { FaultSwitch } from '../loopback/faults.ts';
import type { ForgedToken } from './forge.ts';
import type { CognitoState } from './state.ts';

/** The running emulation. Both listeners are on 127.0.0.1 and, where the machine has it, [::1]. */
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
   * Faults of the https listener: JWKS, DescribeUserPoolClient, and the hosted domain by
   * its AWS name.
   */
  readonly apiFaults: FaultSwitch;
  /** Faults of the plain-http listener: authorize, login, token, revoke. */
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
  /** What a next run needs, so that clients stay connected. */
  state(): Promise<CognitoState>;
  stop(): Promise<void>;
}
