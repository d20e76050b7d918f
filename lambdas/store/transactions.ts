import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, epochSeconds, type Table } from '../aws/table.ts';

/** What a login is bound to from the approval to the tokens (OAUTH-10). */
export const loginBinding = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string(),
  resource: z.string(),
  scopes: z.array(z.string()),
  profile: z.string(),
  /** Epoch seconds of the approval. */
  approvedAt: z.number(),
  /** The registration still expires: a login keeps it. */
  unused: z.boolean(),
});

/** `transaction#<hash of the upstream state>`: an approved login, while the person is at Cognito. */
export const transactionItem = z.extend(loginBinding, {
  pk: z.string(),
  expiresAt: z.number(),
  /** The hash of the approving browser's cookie. */
  browser: z.string(),
  /** The client's own `state`, to be given back. */
  state: z.optional(z.string()),
});

const transaction = z.omit(transactionItem, { pk: true, expiresAt: true });
export type Transaction = z.infer<typeof transaction>;

const keyOf = (hash: string) => `transaction#${hash}`;

export const beginTransaction = (
  table: Table,
  hash: string,
  { state, ...bound }: Omit<Transaction, 'approvedAt'>,
  now: Date,
): Promise<void> =>
  table.put({
    pk: keyOf(hash),
    expiresAt: epochSeconds(now) + lifetimes.transactionSeconds,
    ...bound,
    approvedAt: epochSeconds(now),
    ...(state !== undefined && { state }),
  });

/**
 * Deletes a transaction by the very write that checks its browser, so that it goes on only there
 * and only once (OAUTH-9).
 * @returns why not, in words for the log, when there is none for this browser
 */
export const endTransaction = async (
  table: Table,
  hash: string,
  browser: string,
  now: Date,
): Promise<Transaction | { readonly fault: string }> => {
  const own = {
    condition: 'browser = :browser AND expiresAt > :now',
    values: { ':browser': browser, ':now': epochSeconds(now) },
  };
  try {
    return transaction.parse(await table.delete(keyOf(hash), own));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { fault: error.item ? 'another browser, or expired' : 'unknown or used before' };
  }
};
