import type { Counted } from '../../../lambdas/store/user-windows.ts';
import { type UserLimits, userLimits } from '../../../policy/limits.ts';

/** What an empty configuration has. */
export const defaultLimits: UserLimits = { ...userLimits, groups: {}, tools: {} };

/** So many calls of a user whom no other limit meets. */
export const calls = (count: number): Counted => ({ calls: count, limit: userLimits });
