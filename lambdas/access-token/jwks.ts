import { createPublicKey, type KeyObject } from 'node:crypto';
import { sizes, timeouts } from '../../policy/limits.ts';
import { cognitoUrl } from '../configuration/cognito-url.ts';
import { agentOf } from '../http/agent.ts';
import { sendRequest } from '../http/outbound-request.ts';

/** An RSA key of a key set (RFC 7517 section 4, RFC 7518 section 6.3.1). */
type RsaKey = {
  readonly kty: 'RSA';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
};

/** One key of the pool, as the verifier takes it and ready for use. */
export interface SigningKey {
  readonly jwk: RsaKey;
  readonly key: KeyObject;
}

/** Undefined for a key of another type, or for anything else than RS256 signatures. */
const parseKey = (entry: unknown): RsaKey | undefined => {
  const { kty, kid, n, e, alg, use, key_ops }: Readonly<Record<string, unknown>> = Object(entry);
  if (kty !== 'RSA' || typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string')
    return undefined;
  if (alg !== undefined && alg !== 'RS256') return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (key_ops !== undefined && !isVerifyOnly(key_ops)) return undefined;
  return { kty, kid, n, e };
};

const isVerifyOnly = (operations: unknown): boolean =>
  Array.isArray(operations) && operations.every((operation) => operation === 'verify');

/** RFC 7518 section 3.3. */
const smallestModulus = 2048;

/**
 * The RS256 signing keys of a key set, by `kid`. Keys of another type are left out; so are weak
 * ones.
 * @throws when it is no key set, or leaves none
 */
export const parseJwks = (json: unknown): ReadonlyMap<string, SigningKey> => {
  const keys = new Map<string, SigningKey>();
  const { keys: entries }: { readonly keys?: unknown } = Object(json);
  if (!Array.isArray(entries)) throw new Error('no key set');
  for (const entry of entries) {
    const jwk = parseKey(entry);
    if (jwk === undefined) continue;
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= smallestModulus)
      keys.set(jwk.kid, { jwk, key });
  }
  if (keys.size === 0) throw new Error('the key set holds no RS256 key');
  return keys;
};

/**
 * Fetches a pool's key set: from Cognito's own host alone (CONF-2), without redirects, bounded in
 * time and size.
 * @throws when it cannot be had
 */
export const fetchJwks = async (address: URL): Promise<ReadonlyMap<string, SigningKey>> => {
  const url = cognitoUrl(address.href);
  const response = await sendRequest({
    url,
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: timeouts.jwksSeconds * 1000,
    maximumBytes: sizes.jwksBytes,
    agent: agentOf(url.protocol),
  });
  if (response.status !== 200) throw new Error(`the key set came with status ${response.status}`);
  return parseJwks(response.json);
};
