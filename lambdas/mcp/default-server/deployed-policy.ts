import { clientProfiles, publicProfileFields } from '../../../policy/clients.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../../../policy/limits.ts';

/** Put here by the bundler (lib/configured-policy.ts): what was chosen in the policy's place. */
declare const CONFIGURED_POLICY: Readonly<Record<string, object>> | undefined;

/** Figures that a configuration may choose, as they are deployed. */
export const deployedPolicy: Readonly<
  Record<'clients' | 'addressLimits' | 'methodThrottles' | 'lifetimes', object>
> = {
  clients: Object.fromEntries(
    clientProfiles.map((profile) => [
      profile.name,
      Object.fromEntries(publicProfileFields.map((field) => [field, profile[field]])),
    ]),
  ),
  addressLimits,
  methodThrottles,
  lifetimes,
  ...(typeof CONFIGURED_POLICY === 'undefined' ? {} : CONFIGURED_POLICY),
};
