import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, epochSeconds, type Table } from '../aws/table.ts';

/** `client#<client id>`: what a client registered (RFC 7591). The id is a hash of the rest. */
export const clientItem = z.object({
  pk: z.string(),
  name: z.string(),
  redirectUris: z.array(z.string()),
  applicationType: z.enum(['native', 'web']),
  profile: z.string(),
  /** Epoch seconds; absent once a login kept the registration (OAUTH-4). */
  expiresAt: z.optional(z.number()),
});

const registration = z.omit(clientItem, { pk: true, applicationType: true });
export type Registration = z.infer<typeof registration>;

const keyOf = (clientId: string) => `client#${clientId}`;

const unlessConditionFailed = (error: unknown): void => {
  if (!(error instanceof ConditionFailed)) throw error;
};

/** A registration that a login kept has no expiry and does not get one back. */
export const registerClient = (
  table: Table,
  clientId: string,
  metadata: Omit<z.infer<typeof clientItem>, 'pk' | 'expiresAt'>,
  now: Date,
): Promise<void> => {
  const expiresAt = epochSeconds(now) + lifetimes.unusedRegistrationSeconds;
  const condition = 'attribute_not_exists(pk) OR attribute_exists(expiresAt)';
  return table
    .put({ pk: keyOf(clientId), ...metadata, expiresAt }, { condition })
    .catch(unlessConditionFailed);
};

/** @returns undefined when there is none, or it has expired */
export const findClient = async (
  table: Table,
  clientId: string,
  now: Date,
): Promise<Registration | undefined> => {
  // Consistent: programs come here a moment after they registered.
  const { data } = registration.safeParse(await table.get(keyOf(clientId), { consistent: true }));
  const ends = data?.expiresAt ?? Number.POSITIVE_INFINITY;
  return ends > epochSeconds(now) ? data : undefined;
};

/** Its registration stays. */
export const keepClient = async (table: Table, clientId: string): Promise<void> => {
  const update = {
    pk: keyOf(clientId),
    update: 'REMOVE expiresAt',
    condition: 'attribute_exists(pk)',
  };
  await table.update(update).catch(unlessConditionFailed);
};
