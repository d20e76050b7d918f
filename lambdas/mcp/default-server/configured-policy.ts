import { type ClientProfile, clientProfiles } from '../../../policy/clients.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../../../policy/limits.ts';

/** What a configuration may choose in the place of the policy's figures, as callers may know it. */
export interface ConfiguredPolicy {
  readonly clients: ReturnType<typeof publicProfiles>;
  readonly addressLimits: readonly object[];
  readonly methodThrottles: object;
  readonly lifetimes: object;
}

/** Put here by the bundler where something was chosen; without it the policy's own are in force. */
declare const CONFIGURED_POLICY: Partial<ConfiguredPolicy> | undefined;

/** Of each client profile what its users are held to. */
export const publicProfiles = (profiles: readonly ClientProfile[]) =>
  Object.fromEntries(
    profiles.map(
      ({ name, title, loopback, scopes, accessTokenMinutes, refreshTokenDays, throttle }) => [
        name,
        { title, loopback, scopes, accessTokenMinutes, refreshTokenDays, throttle },
      ],
    ),
  );

const ofPolicy: ConfiguredPolicy = {
  clients: publicProfiles(clientProfiles),
  addressLimits,
  methodThrottles,
  lifetimes,
};

/** What is deployed. */
export const deployedPolicy: ConfiguredPolicy = {
  ...ofPolicy,
  ...(typeof CONFIGURED_POLICY === 'undefined' ? {} : CONFIGURED_POLICY),
};

/** What of a configuration differs from the policy: the rest need not be put into the code. */
export const differences = (chosen: ConfiguredPolicy): Partial<ConfiguredPolicy> => {
  const own: Readonly<Record<string, unknown>> = { ...ofPolicy };
  return Object.fromEntries(
    Object.entries(chosen).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(own[name]),
    ),
  );
};
