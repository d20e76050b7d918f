import * as z from 'zod/mini';
import { loginSettings } from '../../policy/identity.ts';
import { lifetimes } from '../../policy/lifetimes.ts';
import { sizes } from '../../policy/limits.ts';
import { ConditionFailed, epochSeconds, type Item, type Table } from '../aws/table.ts';
import { whenNeeded } from '../http/when-needed.ts';
import { isBlocked, notBlocked, type Updates, userKey } from './users.ts';

/**
 * One login. Grants are attributes of their user's item, so that blocking, signing out, refreshing
 * and calling are writes to one item, each with one condition: no two of them can pass each other.
 */
export const grantAttribute = whenNeeded(() =>
  z.object({
    /** Who it was given to, cut at `sizes.grantClientCharacters`. */
    clientId: z.string(),
    profile: z.string(),
    scopes: z.array(z.string()),
    /** How often it was refreshed. A refresh token carries the generation that it belongs to. */
    generation: z.number(),
    /** Epoch seconds at which each of the latest generations was replaced, the newest first. */
    replaced: z.array(z.number()),
    /** Cognito's `origin_jti`, which its access tokens carry. */
    session: z.optional(z.string()),
    /** Epoch seconds at which the person approved it. */
    since: z.number(),
    /** Epoch seconds of the last time that it gave tokens. */
    used: z.number(),
    /** Epoch seconds. */
    expires: z.number(),
  }),
);
export type Grant = z.infer<ReturnType<typeof grantAttribute>>;

const prefix = 'grant-';
const nameOf = (id: string) => `${prefix}${id}`;
const endedPrefix = 'ended-';

/** Nothing that began before this time works any more. */
const isAfter = (since: string) => `(attribute_not_exists(notBefore) OR notBefore < ${since})`;

/** What a call asks besides its count: `:issuedAt` is its placeholder. */
export const callCondition = `${notBlocked} AND ${isAfter(':issuedAt')}`;

/** The same of a token that names its login: `#ended` is a placeholder too. */
export const sessionCondition = `${callCondition} AND attribute_not_exists(#ended)`;

export const endedName = (session: string) => `${endedPrefix}${session}`;

/** Whether an access token of this session and time is refused, by the item that stood against it. */
export const isEnded = (
  item: Item | undefined,
  session: string | undefined,
  issuedAt: number,
): boolean => {
  const mark = session === undefined ? undefined : item?.[endedName(session)];
  return mark !== undefined || notBeforeOf(item) >= issuedAt;
};

const notBeforeOf = (item: Item | undefined): number => {
  const time = item?.['notBefore'];
  return typeof time === 'number' ? time : Number.NEGATIVE_INFINITY;
};

/** Marks and grants in a user's item whose time is over. */
export const passedGrants = (item: Item, now: Date): string[] => {
  const time = epochSeconds(now);
  const since = notBeforeOf(item);
  const passed: string[] = [];
  for (const name in item) {
    const value = item[name];
    if (name.startsWith(endedPrefix)) {
      if (typeof value === 'number' && value <= time) passed.push(name);
    } else if (name.startsWith(prefix)) {
      const { data: grant } = grantAttribute().safeParse(value);
      if (grant && !(grant.expires > time && grant.since > since)) passed.push(name);
    }
  }
  return passed;
};

/** The grants of a user's item, the ended and the expired ones too. */
const grantsIn = (item: Item | undefined): (Grant & { readonly id: string })[] =>
  Object.entries(item ?? {}).flatMap(([name, value]) => {
    if (!name.startsWith(prefix)) return [];
    const { data } = grantAttribute().safeParse(value);
    return data ? [{ ...data, id: name.slice(prefix.length) }] : [];
  });

/** The grants that still work, the last used first. */
export const liveGrants = (item: Item | undefined, now: Date) =>
  grantsIn(item)
    .filter(({ expires, since }) => expires > epochSeconds(now) && since > notBeforeOf(item))
    .sort((one, other) => other.used - one.used);

export type Begun =
  /** `sweep` ends the user's oldest grants, and is only there when there are too many. */
  | { readonly outcome: 'begun'; readonly sweep?: () => Promise<unknown> }
  | { readonly outcome: 'blocked' | 'ended' };

/**
 * Makes a login's grant, unless the user is blocked or was signed out after the login began.
 * Generation 0.
 */
export const beginGrant = async (
  table: Table,
  subject: string,
  id: string,
  login: Omit<Grant, 'generation' | 'replaced' | 'used'>,
  now: Date,
): Promise<Begun> => {
  const time = epochSeconds(now);
  const { session, ...rest } = login;
  const clientId = login.clientId.slice(0, sizes.grantClientCharacters);
  const grant = { ...rest, clientId, generation: 0, replaced: [], used: time };
  try {
    const item = await table.update({
      pk: userKey(subject),
      update: 'SET #grant = :grant, expiresAt = :expiresAt',
      condition: `${notBlocked} AND ${isAfter(':since')}`,
      names: { '#grant': nameOf(id) },
      values: {
        ':grant': session === undefined ? grant : { ...grant, session },
        ':since': login.since,
        ':expiresAt': time + lifetimes.userSeconds,
      },
    });
    const tooMany = liveGrants(item, now).slice(sizes.grantsPerUser);
    if (tooMany.length === 0) return { outcome: 'begun' };
    const end = async () => {
      for (const old of tooMany) await endGrant(table, subject, old.id, old.session, now);
    };
    return { outcome: 'begun', sweep: end };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return { outcome: isBlocked(error.item) ? 'blocked' : 'ended' };
  }
};

export type GrantState =
  /** The token is of the grant's generation, or of one replaced less than the grace ago. */
  | { readonly state: 'current' | 'sibling'; readonly generation: number; readonly grant: Grant }
  /** A token that was replaced longer ago: somebody has a copy of it. */
  | { readonly state: 'reused'; readonly grant: Grant }
  | { readonly state: 'blocked' | 'ended' };

/** What a refresh token of this grant and generation is worth, by the user's item. */
export const stateOf = (
  item: Item | undefined,
  id: string,
  generation: number,
  now: Date,
): GrantState => {
  if (isBlocked(item)) return { state: 'blocked' };
  const { data: grant } = grantAttribute().safeParse(item?.[nameOf(id)]);
  const time = epochSeconds(now);
  if (!grant || grant.expires <= time || grant.since <= notBeforeOf(item))
    return { state: 'ended' };
  const { generation: current, replaced } = grant;
  // A generation that never was: the table stands as it did before the token was issued.
  if (generation > current) return { state: 'ended' };
  if (generation === current) return { state: 'current', generation: current, grant };
  const replacedAt = replaced[current - 1 - generation] ?? Number.NEGATIVE_INFINITY;
  return time < replacedAt + loginSettings.refreshRotationGraceSeconds
    ? { state: 'sibling', generation: current, grant }
    : { state: 'reused', grant };
};

/** Read consistently: nobody refreshes on a stale copy. */
export const readGrant = async (
  table: Pick<Table, 'get'>,
  subject: string,
  id: string,
  generation: number,
  now: Date,
): Promise<GrantState> =>
  stateOf(await table.get(userKey(subject), { consistent: true }), id, generation, now);

/** What a refresh moves on, from what was read before: `replaced` belongs to `generation`. */
export interface Advance {
  readonly id: string;
  readonly generation: number;
  readonly replaced: readonly number[];
  readonly session: string | undefined;
}

/**
 * Moves a grant from one generation to the next. Of several that do it at the same moment one
 * does; the others are its siblings.
 */
export const advanceGrant = async (
  table: Table,
  subject: string,
  { id, generation, replaced, session }: Advance,
  now: Date,
): Promise<GrantState> => {
  const time = epochSeconds(now);
  const set = [
    '#grant.generation = :next',
    '#grant.replaced = :replaced',
    '#grant.used = :now',
    'expiresAt = :expiresAt',
    ...(session === undefined ? [] : ['#grant.#session = :session']),
  ];
  const recent = [time, ...replaced].slice(0, sizes.rememberedGenerations);
  try {
    const item = await table.update({
      pk: userKey(subject),
      update: `SET ${set.join(', ')}`,
      condition: [
        notBlocked,
        '#grant.generation = :generation',
        '#grant.expires > :now',
        isAfter('#grant.since'),
      ].join(' AND '),
      names: { '#grant': nameOf(id), ...(session !== undefined && { '#session': 'session' }) },
      values: {
        ':generation': generation,
        ':next': generation + 1,
        ':replaced': recent,
        ':now': time,
        ':expiresAt': time + lifetimes.userSeconds,
        ...(session !== undefined && { ':session': session }),
      },
    });
    return stateOf(item, id, generation + 1, now);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return stateOf(error.item, id, generation, now);
  }
};

/**
 * Ends a grant: its refresh tokens find it gone, and its access tokens find the mark of their
 * session.
 * @returns false when it had ended before
 */
export const endGrant = async (
  table: Updates,
  subject: string,
  id: string,
  session: string | undefined,
  now: Date,
): Promise<boolean> => {
  const names = { '#grant': nameOf(id) };
  const marked = session !== undefined && {
    names: { ...names, '#ended': endedName(session) },
    // No access token is older than that (AUTH-3).
    values: { ':until': epochSeconds(now) + lifetimes.tokenAgeSeconds },
  };
  try {
    await table.update({
      pk: userKey(subject),
      update: marked ? 'SET #ended = :until REMOVE #grant' : 'REMOVE #grant',
      condition: 'attribute_exists(#grant)',
      ...(marked || { names }),
    });
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

/** The grants of a user that still work, as `gatehouse user show` lists them. */
export const listGrants = async (table: Pick<Table, 'get'>, subject: string, now: Date) =>
  liveGrants(await table.get(userKey(subject), { consistent: true }), now);

/** The grant that an access token belongs to. */
export const findGrantOf = async (
  table: Pick<Table, 'get'>,
  subject: string,
  session: string,
  now: Date,
) => (await listGrants(table, subject, now)).find((grant) => grant.session === session);
