import * as z from 'zod/mini';
import { documentFetches } from '../../policy/limits.ts';
import { ConditionFailed, epochSeconds, type Table } from '../aws/table.ts';

/**
 * `fetches#<minute>`: how many metadata documents of unlisted hosts were fetched in that
 * minute, by everybody together (OAUTH-5).
 */
export const documentFetchesItem = z.object({
  pk: z.string(),
  fetches: z.number(),
  expiresAt: z.number(),
});

const keyOf = (minute: number) => `fetches#${minute}`;

/** Counts one more. @returns false when there were enough in this minute */
export const countDocumentFetch = async (table: Table, now: Date): Promise<boolean> => {
  const { perSeconds, most } = documentFetches;
  const window = Math.floor(epochSeconds(now) / perSeconds);
  const count = {
    pk: keyOf(window),
    update: 'SET expiresAt = :ends ADD fetches :one',
    condition: 'attribute_not_exists(fetches) OR fetches < :most',
    values: { ':ends': (window + 2) * perSeconds, ':one': 1, ':most': most },
  };
  try {
    await table.update(count);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
};
