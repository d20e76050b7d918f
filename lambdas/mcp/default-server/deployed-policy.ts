import { clientProfiles, publicProfileFields } from '../../../policy/clients.ts';
import { lifetimes } from '../../../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../../../policy/limits.ts';

/** JSON that the bundler puts here (lib/configured-policy.ts): what was chosen in the policy's place. */
declare const CONFIGURED_POLICY: string | undefined;
const configured: Readonly<Record<string, object>> =
  typeof CONFIGURED_POLICY === 'string' ? JSON.parse(CONFIGURED_POLICY) : {};

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
  ...configured,
};
