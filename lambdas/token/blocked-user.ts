import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, epochSeconds, type Table } from '../aws/table.ts';
import { BlockedGrant } from '../errors/errors.ts';
import { userHash } from '../logging/user-hash.ts';

/**
 * The kill switch, asked wherever tokens are issued: one conditional write on the item that the
 * per-user limit counts on, so that nobody reads a stale copy of it.
 * @throws BlockedGrant
 */
export const refuseBlocked = async (
  table: Table,
  { subject, clientId }: { readonly subject: string; readonly clientId: string },
  now: Date,
): Promise<void> => {
  // The expiry is only so that the item does not stay for ever where the limit has not made it yet.
  const touch = {
    pk: `user#${subject}`,
    update: 'SET expiresAt = if_not_exists(expiresAt, :later)',
    condition: 'attribute_not_exists(blocked)',
    values: { ':later': epochSeconds(now) + lifetimes.userCounterSeconds },
  };
  await table.update(touch).catch((error: unknown) => {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new BlockedGrant({ about: { user: userHash(subject), clientId } });
  });
};
