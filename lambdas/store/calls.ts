import { type CallLimit, sizes } from '../../policy/limits.ts';
import { ConditionFailed, type Table } from '../aws/table.ts';
import { callCondition, endedName, isEnded, passedGrants, sessionCondition } from './grants.ts';
import {
  type Counted,
  countingUpdate,
  expiresAt,
  type FullWindow,
  fullWindow,
  passedWindows,
  personalLimit,
} from './user-windows.ts';
import { isBlocked, userKey } from './users.ts';

/** Who calls, by the access token. */
export interface CallingUser {
  readonly sub: string;
  /** Cognito's `origin_jti`: the login that the token comes of. */
  readonly session?: string;
  /** Epoch seconds; a caller without it is as old as can be. */
  readonly issuedAt?: number;
}

export type Count =
  /** `sweep` tidies the item, and is only there when it needs it. */
  | {
      readonly outcome: 'counted';
      /** What the item says of this person's limit. */
      readonly personal: CallLimit;
      readonly sweep?: () => Promise<unknown>;
    }
  | { readonly outcome: 'blocked' }
  | { readonly outcome: 'ended' }
  | ({ readonly outcome: 'limited' } & FullWindow);

/**
 * RATE-5 and the kill switch: one conditional update that counts if the user is not blocked, the
 * token's grant has not ended, and every window has room, those of the tools that are called too;
 * exact however many run at once.
 */
export const countCalls = async (
  table: Table,
  { sub, session, issuedAt = 0 }: CallingUser,
  counted: Counted,
  now: Date,
): Promise<Count> => {
  const { update, condition, names, values } = countingUpdate(counted, now);
  const hasSession = session !== undefined;
  try {
    const item = await table.update({
      pk: userKey(sub),
      update,
      condition: `${hasSession ? sessionCondition : callCondition} AND ${condition}`,
      names: hasSession ? { ...names, '#ended': endedName(session) } : names,
      values: { ...values, ':expiresAt': expiresAt(now), ':issuedAt': issuedAt },
    });
    const windows = passedWindows(item, now);
    const grants = passedGrants(item, now);
    // The update removes the windows just before its own. Others stay when a user pauses.
    const personal = personalLimit(item);
    if (windows.length + grants.length <= sizes.staleAttributes)
      return { outcome: 'counted', personal };
    const sweep = () => removeAttributes(table, sub, [...windows, ...grants]);
    return { outcome: 'counted', personal, sweep };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (isBlocked(error.item)) return { outcome: 'blocked' };
    if (isEnded(error.item, session, issuedAt)) return { outcome: 'ended' };
    return { outcome: 'limited', ...fullWindow(error.item, counted, now) };
  }
};

const removeAttributes = (table: Table, sub: string, attributes: readonly string[]) => {
  const names = Object.fromEntries(attributes.map((name, index) => [`#s${index}`, name]));
  return table.update({
    pk: userKey(sub),
    update: `REMOVE ${Object.keys(names).join(', ')}`,
    names,
  });
};
