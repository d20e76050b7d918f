import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { ConditionFailed, epochSeconds, type Item, type Table } from '../aws/table.ts';
import { loginBinding } from './transactions.ts';

/**
 * `code#<hash of our code>`: Cognito's code, kept for the client. Once `claimed` it stays until the
 * item expires, so that a replay is seen.
 */
export const codeItem = z.extend(loginBinding, {
  pk: z.string(),
  cognitoCode: z.string(),
  /** Epoch seconds; the code is good before that. */
  validUntil: z.number(),
  /** Epoch seconds; the item is forgotten then. */
  expiresAt: z.number(),
  claimed: z.optional(z.boolean()),
  /** The client heard that the service failed, so it may come with the code again. */
  unanswered: z.optional(z.boolean()),
});

const authorizationCode = z.extend(loginBinding, { cognitoCode: z.string() });
export type AuthorizationCode = z.infer<typeof authorizationCode>;

const keyOf = (hash: string) => `code#${hash}`;

export const keepCode = (
  table: Table,
  hash: string,
  code: AuthorizationCode,
  now: Date,
): Promise<void> =>
  table.put({
    ...code,
    pk: keyOf(hash),
    validUntil: epochSeconds(now) + lifetimes.authorizationCodeSeconds,
    expiresAt: epochSeconds(now) + lifetimes.spentCodeSeconds,
  });

/** What a client has to show besides the code. */
export interface CodeBinding {
  readonly clientId: string;
  /** Compared when the client sent it. */
  readonly redirectUri?: string | undefined;
  readonly resource: string;
  readonly codeChallenge: string;
}

export type CodeClaim =
  | { readonly outcome: 'claimed'; readonly code: AuthorizationCode }
  /** Somebody redeemed it before. */
  | { readonly outcome: 'replayed' }
  /** `fault` is for the log: the client hears the same in every case. */
  | { readonly outcome: 'unusable'; readonly fault: string };

/**
 * Claims a code: everything that it is bound to, its expiry and its single use are one condition,
 * so whoever gets a part wrong claims nothing (OAUTH-10).
 */
export const claimCode = async (
  table: Table,
  hash: string,
  binding: CodeBinding,
  now: Date,
): Promise<CodeClaim> => {
  const compared = Object.entries(binding).filter(([, value]) => value !== undefined);
  const claim = {
    pk: keyOf(hash),
    update: 'SET claimed = :true REMOVE unanswered',
    condition: [
      'attribute_not_exists(claimed)',
      'validUntil > :now',
      ...compared.map(([name]) => `#${name} = :${name}`),
    ].join(' AND '),
    names: Object.fromEntries(compared.map(([name]) => [`#${name}`, name])),
    values: {
      ':true': true,
      ':now': epochSeconds(now),
      ...Object.fromEntries(compared.map(([name, value]) => [`:${name}`, String(value)])),
    },
  };
  try {
    return { outcome: 'claimed', code: authorizationCode.parse(await table.update(claim)) };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return explainClaim(error.item, compared);
  }
};

const explainClaim = (
  item: Item | undefined,
  compared: readonly (readonly [name: string, value: unknown])[],
): CodeClaim => {
  const wrong = item && compared.find(([name, value]) => item[name] !== value);
  // A client that heard 503 tries again; a thief has not its verifier.
  const isRetry = item?.['unanswered'] === true && !wrong;
  if (item?.['claimed'] === true && !isRetry) return { outcome: 'replayed' };
  const fault = wrong
    ? `the code was issued for another ${wrong[0]}`
    : 'the code is unknown or has expired';
  return { outcome: 'unusable', fault };
};

/**
 * The client of a claimed code hears that the service failed, and may try again without looking
 * like a replay. `unspent`: Cognito certainly never saw its code, so the retry may succeed.
 */
export const allowRetry = async (
  table: Table,
  hash: string,
  { unspent }: { readonly unspent: boolean },
): Promise<void> => {
  await table.update({
    pk: keyOf(hash),
    update: unspent ? 'SET unanswered = :true REMOVE claimed' : 'SET unanswered = :true',
    condition: 'attribute_exists(pk)',
    values: { ':true': true },
  });
};
