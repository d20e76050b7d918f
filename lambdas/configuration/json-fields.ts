import * as z from 'zod/mini';
import type { ClientProfile } from '../../policy/clients.ts';
import type { UserLimits } from '../../policy/limits.ts';
import type { PageBrand } from '../../policy/pages.ts';
import { parseJson, refuse, required } from './fields.ts';

/** A schema is made when its variable is read. */
const json = <Value>(schema: () => z.ZodMiniType<Value>) =>
  required((text): Value => {
    const { success, data, error } = schema().safeParse(parseJson(text));
    if (success) return data;
    const [{ path = [] } = {}] = error.issues;
    return refuse(`is not as the stack writes it${path.length > 0 ? `: ${path.join('.')}` : ''}`);
  });

const strings = () => z.readonly(z.array(z.string()));

/** The part of a client profile that the OAuth functions need. */
const deployedProfile = () =>
  z.object({
    name: z.string(),
    title: z.string(),
    redirectUris: strings(),
    redirectHosts: strings(),
    loopback: z.boolean(),
    metadataDocumentHosts: strings(),
    anyDocumentHost: z.boolean(),
    scopes: strings(),
    refreshTokenDays: z.number(),
    /** Absent: not granted. */
    grantsEmail: z.optional(z.boolean()),
  });
export type DeployedProfile = Pick<
  ClientProfile,
  | 'name'
  | 'title'
  | 'redirectUris'
  | 'redirectHosts'
  | 'loopback'
  | 'metadataDocumentHosts'
  | 'anyDocumentHost'
  | 'scopes'
  | 'refreshTokenDays'
> & { readonly grantsEmail?: boolean | undefined };

const brand = () =>
  z.nullable(
    z.object({
      name: z.string(),
      contact: z.optional(z.string()),
      privacyUrl: z.optional(z.string()),
      logo: z.optional(z.string()),
      accent: z.optional(z.object({ light: z.string(), dark: z.string() })),
    }),
  );

const callLimit = () => z.object({ perMinute: z.optional(z.int()), perHour: z.optional(z.int()) });
const callLimits = () => z.record(z.string(), callLimit());
const userLimits = () =>
  z.object({
    perMinute: z.int(),
    perHour: z.int(),
    groups: callLimits(),
    tools: callLimits(),
  });

const profiles = () => z.array(deployedProfile()).check(z.minLength(1));

/**
 * The environment variables that are read by a schema. Apart from the others: the authorizer, which
 * every first call waits for, reads none of them and has no zod in its bundle.
 */
export const jsonFields = {
  /** How many calls users may make (RATE-5). */
  USER_LIMITS: json((): z.ZodMiniType<UserLimits> => userLimits()),
  /** Whose pages these are; `null` where nobody said. */
  BRAND: json((): z.ZodMiniType<PageBrand | null> => brand()),
  CLIENT_PROFILES: json((): z.ZodMiniType<readonly DeployedProfile[]> => profiles()),
};
