import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import { cognitoUrl } from '../configuration/cognito-url.ts';
import { agentOf } from '../http/agent.ts';
import { sendRequest } from '../http/outbound-request.ts';

const jwk = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  alg: z.exactOptional(z.literal('RS256')),
  use: z.exactOptional(z.literal('sig')),
  key_ops: z.exactOptional(z.array(z.literal('verify'))),
});
const jwks = z.object({ keys: z.array(z.unknown()) });

/** One key of the pool, as the verifier takes it and ready for use. */
export interface SigningKey {
  readonly jwk: z.infer<typeof jwk>;
  readonly key: KeyObject;
}

/** RFC 7518 section 3.3. */
const smallestModulus = 2048;

/**
 * The RS256 signing keys of a key set, by `kid`. Keys of another type are left out; so are weak
 * ones.
 * @throws when it is no key set, or leaves none
 */
export const parseJwks = (json: unknown): ReadonlyMap<string, SigningKey> => {
  const keys = new Map<string, SigningKey>();
  for (const entry of jwks.parse(json).keys) {
    const parsed = jwk.safeParse(entry);
    if (!parsed.success) continue;
    const key = createPublicKey({ key: parsed.data, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= smallestModulus)
      keys.set(parsed.data.kid, { jwk: parsed.data, key });
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
