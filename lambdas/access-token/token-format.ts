import * as z from 'zod/mini';
import { sizes } from '../../policy/limits.ts';
import { textOf } from '../http/utf8.ts';
import { parseStrictObject } from './strict-json.ts';

// Other members of a header (`jku`, `x5u`, `jwk`) are dropped here and never looked at (AUTH-2).
// `crit` names extensions that a recipient must understand (RFC 7515 section 4.1.11); we understand
// none.
const header = z.object({
  alg: z.literal('RS256'),
  kid: z.string().check(z.regex(/^[\w+/=.:-]{1,128}$/)),
  typ: z.optional(z.string().check(z.regex(/^(?:application\/)?(?:at\+)?jwt$/i))),
  crit: z.optional(z.undefined()),
});

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
  const parsed = header.safeParse(headObject);
  if (!parsed.success) return { fault: 'a header other than RS256 with a key id' };
  return { kid: parsed.data.kid, payload, parts: [head, body, signature] };
};

// The last character of base64url may carry bits that no byte has: without this check a signature
// has several spellings.
const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;

const text = (part: string): string | undefined =>
  isCanonical(part) ? textOf(Buffer.from(part, 'base64url')) : undefined;
