import type { Table } from '../aws/table.ts';
import { BlockedGrant } from '../errors/errors.ts';
import { userHash } from '../logging/user-hash.ts';
import { mayGetTokens } from '../store/users.ts';

/**
 * The kill switch, asked wherever tokens are issued.
 * @throws BlockedGrant
 */
export const refuseBlocked = async (
  table: Table,
  { subject, clientId }: { readonly subject: string; readonly clientId: string },
  now: Date,
): Promise<void> => {
  if (await mayGetTokens(table, subject, now)) return;
  throw new BlockedGrant({ about: { user: userHash(subject), clientId } });
};
