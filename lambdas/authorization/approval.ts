import { lifetimes } from '../../policy/lifetimes.ts';
import type { Table } from '../aws/table.ts';
import { hashOf, newSecret } from '../oauth/secret.ts';
import { type Approval, findApproval, keepApproval } from '../store/approvals.ts';
import { permissionWords } from './app-words.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { readCookie, setCookie } from './cookie.ts';

/**
 * OAUTH-8: what an approval is of. `shown` is a hash of what the page said of the client (its name,
 * the contents of its document) and of what it may have, in the words that were read: whoever
 * changes that, or what a scope brings with it, asks again, in every browser.
 */
const approvalOf = (request: AuthorizationRequest): Approval => {
  const { client, redirectUri, scopes } = request;
  return {
    clientId: client.id,
    redirectUri,
    scopes: [...scopes],
    shown: hashOf(
      client.name,
      client.documentHost ?? '',
      permissionWords(request).join('\n'),
      ...client.redirectUris,
    ),
  };
};

/** One cookie for each client and redirect URI: its name says nothing, its value is the secret. */
const cookieHash = ({ clientId, redirectUri }: Approval) => hashOf(clientId, redirectUri);

/** Never for a program on the person's own computer: another one could ride on it silently. */
export const isRememberable = ({ profile }: AuthorizationRequest): boolean => !profile.loopback;

/** An approval that a browser holds, and where it stands. */
export interface KeptApproval {
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Takes it out of the table. */
  readonly hash: string;
  /** Takes its cookie out of the browser. */
  readonly cookie: string;
}

/**
 * The approval of exactly this that this browser holds, or undefined. One table access where it
 * brings a cookie for it.
 */
export const keptApproval = async (
  request: AuthorizationRequest,
  cookies: string | undefined,
  table: Table,
  now: Date,
): Promise<KeptApproval | undefined> => {
  if (!isRememberable(request) || request.prompts.length > 0) return undefined;
  const wanted = approvalOf(request);
  const cookie = readCookie(cookies, 'approved', cookieHash(wanted));
  if (cookie === undefined || cookie === '') return undefined;
  const hash = hashOf(cookie);
  const approved = await findApproval(table, hash, now);
  const isOfThis =
    approved?.clientId === wanted.clientId &&
    approved.redirectUri === wanted.redirectUri &&
    approved.shown === wanted.shown &&
    approved.scopes.join(' ') === wanted.scopes.join(' ');
  if (!isOfThis) return undefined;
  return {
    expiresAt: approved.expiresAt,
    hash,
    cookie: setCookie('approved', cookieHash(wanted), '', 0),
  };
};

/**
 * Remembers an approval in this browser, by a random cookie of which the table holds the hash.
 * @returns the cookies to set
 */
export const rememberApproval = async (
  request: AuthorizationRequest,
  table: Table,
  now: Date,
): Promise<readonly string[]> => {
  if (!isRememberable(request)) return [];
  const approval = approvalOf(request);
  const secret = newSecret();
  await keepApproval(table, hashOf(secret), approval, now);
  return [setCookie('approved', cookieHash(approval), secret, lifetimes.rememberedConsentSeconds)];
};
