import type { CallLimit, UserLimits } from '../../policy/limits.ts';

/** A limit of a caller in one window, and whose it is. */
export interface WindowLimit {
  readonly most: number;
  /** The group whose members have it; undefined for everybody's. */
  readonly group: string | undefined;
}

/**
 * What a caller may do in a minute and an hour: the largest of the limits that their groups have,
 * else everybody's.
 */
export const callerLimit = (
  limits: UserLimits,
  groups: readonly string[] = [],
): Readonly<Record<keyof CallLimit, WindowLimit>> => {
  const inWindow = (window: keyof CallLimit): WindowLimit => {
    let largest: WindowLimit | undefined;
    for (const group of groups) {
      const most = Object.hasOwn(limits.groups, group) ? limits.groups[group]?.[window] : undefined;
      if (most !== undefined && (largest === undefined || most > largest.most))
        largest = { most, group };
    }
    return largest ?? { most: limits[window], group: undefined };
  };
  return { perMinute: inWindow('perMinute'), perHour: inWindow('perHour') };
};
