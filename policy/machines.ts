/** A program that calls as itself, with nobody logged in: `client_credentials` (RFC 6749 section 4.4). */
export interface Machine {
  readonly name: string;
  readonly scopes: readonly string[];
  /** For access rules and limits, as if it were a person in these groups. */
  readonly groups: readonly string[];
}

export const machineBounds = {
  /** Of a deployment. Each is an app client and a usage plan. */
  machines: 20,
  accessTokenMinutes: 15,
  throttle: { ratePerSecond: 10, burst: 20 },
  /** What Cognito makes and takes: nothing else is worth asking it about. */
  secret: /^[\w+]{24,64}$/,
} as const;

/** Names the app client, the usage plan and the profile; no client profile begins like that. */
export const machineProfile = (name: string): string => `${machineProfilePrefix}${name}`;

export const machineProfilePrefix = 'machine-';

/** For limits, blocks and logs. No user has a colon in their subject. */
export const machineSubject = (name: string): string => `machine:${name}`;
