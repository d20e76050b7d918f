import { sizes } from '../../policy/limits.ts';
import { textOf } from '../http/utf8.ts';
import { parseStrictObject } from './strict-json.ts';

const keyId = /^[\w+/=.:-]{1,128}$/;
const tokenType = /^(?:application\/)?(?:at\+)?jwt$/i;

/**
 * The key id of a header that we take. Its other members (`jku`, `x5u`, `jwk`) are never looked at
 * (AUTH-2). `crit` names extensions that a recipient must understand (RFC 7515 section 4.1.11); we
 * understand none.
 */
const keyIdOf = (header: Readonly<Record<string, unknown>>): string | undefined => {
  const { alg, kid, typ, crit } = header;
  if (alg !== 'RS256' || crit !== undefined) return undefined;
  if (typ !== undefined && !(typeof typ === 'string' && tokenType.test(typ))) return undefined;
  return typeof kid === 'string' && keyId.test(kid) ? kid : undefined;
};

/** A decoded token; nothing in it is verified. */
export interface UnverifiedToken {
  readonly kid: string;
  readonly payload: object;
  /** Its three parts as they were sent. */
  readonly parts: readonly [header: string, payload: string, signature: string];
}

// Exactly three parts of the base64url alphabet, none empty, no padding.
const parts = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** AUTH-1: decodes a token, once and before any cryptography. Says why not in words for the log. */
export const decodeJwt = (token: string): UnverifiedToken | { readonly fault: string } => {
  if (Buffer.byteLength(token) > sizes.tokenBytes) return { fault: 'longer than a token may be' };
  const [, head, body, signature] = parts.exec(token) ?? [];
  if (!head || !body || !signature) return { fault: 'not three parts of base64url' };
  const [headText, bodyText] = [text(head), text(body)];
  if (headText === undefined || bodyText === undefined || !isCanonical(signature))
    return { fault: 'not canonical base64url of UTF-8' };
  const headObject = parseStrictObject(headText);
  const payload = parseStrictObject(bodyText);
  if (!headObject || !payload) return { fault: 'not two JSON objects with each key once' };
  const kid = keyIdOf({ ...headObject });
  if (kid === undefined) return { fault: 'a header other than RS256 with a key id' };
  return { kid, payload, parts: [head, body, signature] };
};

// The last character of base64url may carry bits that no byte has: without this check a signature
// has several spellings.
const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;

const text = (part: string): string | undefined =>
  isCanonical(part) ? textOf(Buffer.from(part, 'base64url')) : undefined;
