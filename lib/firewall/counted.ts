import { type Endpoint, endpointRows } from '../../policy/endpoints.ts';
import type { AddressLimit } from '../../policy/limits.ts';

/** What says which endpoints a limit counts. */
export type Counted = Pick<AddressLimit, 'name' | 'counts' | 'perSeconds'>;

export const isCounted = (
  { name, counts }: Counted,
  { addressLimit, authentication }: Endpoint,
): boolean => {
  if (counts === 'everything') return true;
  return counts === 'its-endpoints' ? addressLimit === name : authentication === 'none';
};

/** The paths of the endpoints that a limit counts. */
export const countedPaths = (limit: Counted): readonly string[] =>
  endpointRows.filter((row) => isCounted(limit, row)).map(({ path }) => path);

/**
 * Whether a limit for everything refuses first in any case: then a rule of its own would cost and
 * never refuse.
 */
export const isImplied = (limit: AddressLimit, limits: readonly AddressLimit[]): boolean =>
  limit.counts === 'its-endpoints' &&
  limits.some(
    ({ counts, perSeconds, requests }) =>
      counts === 'everything' && perSeconds === limit.perSeconds && requests <= limit.requests,
  );
