import { type ClientProfile, clientProfiles, publicProfileFields } from '../policy/clients.ts';
import { lifetimes } from '../policy/lifetimes.ts';
import { addressLimits, methodThrottles } from '../policy/limits.ts';

/** Figures in force that a configuration may choose in the place of the policy's. */
export interface ChosenFigures {
  readonly profiles: readonly ClientProfile[];
  readonly addressLimits: readonly object[];
  readonly methodThrottles: object;
  readonly lifetimes: object;
}

/**
 * What of a configuration differs from the policy, by the names that the posture's code reads
 * (lambdas/mcp/default-server/deployed-policy.ts). The rest is in that code anyway.
 */
export const configuredPolicy = ({
  profiles,
  ...figures
}: ChosenFigures): Readonly<Record<string, unknown>> => {
  const chosen = { clients: publicPart(profiles), ...figures };
  const ofPolicy: Readonly<Record<string, unknown>> = {
    clients: publicPart(clientProfiles),
    addressLimits,
    methodThrottles,
    lifetimes,
  };
  return Object.fromEntries(
    Object.entries(chosen).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(ofPolicy[name]),
    ),
  );
};

const publicPart = (profiles: readonly ClientProfile[]) =>
  Object.fromEntries(
    profiles.map((profile) => [
      profile.name,
      Object.fromEntries(publicProfileFields.map((field) => [field, profile[field]])),
    ]),
  );
