import { createPublicKey, type KeyObject } from 'node:crypto';
import * as https from 'node:https';
import * as z from 'zod/mini';
import { sizes, timeouts } from '../../policy/limits.ts';
import { agentOf } from '../aws/agent.ts';
import { cognitoUrl } from '../configuration/cognito-url.ts';

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
 * The RS256 signing keys of a key set, by `kid`. Keys of another kind are left out; so are weak ones.
 * @throws when the text is no key set
 */
export const parseJwks = (text: string): ReadonlyMap<string, SigningKey> => {
  const keys = new Map<string, SigningKey>();
  for (const entry of jwks.parse(JSON.parse(text)).keys) {
    const parsed = jwk.safeParse(entry);
    if (!parsed.success) continue;
    const key = createPublicKey({ key: parsed.data, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= smallestModulus) keys.set(parsed.data.kid, { jwk: parsed.data, key });
  }
  return keys;
};

/** Fetches a pool's key set: from Cognito's own host alone (CONF-2), without redirects, bounded in time and size. */
export const fetchJwks = (url: URL): Promise<ReadonlyMap<string, SigningKey>> =>
  new Promise<string>((resolve, reject) => {
    const { href, protocol } = cognitoUrl(url.href);
    const request = https.get(href, { agent: agentOf(protocol), signal: AbortSignal.timeout(timeouts.jwksSeconds * 1000) }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      if (response.statusCode !== 200) request.destroy(new Error(`the key set answers ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > sizes.jwksBytes) request.destroy(new Error('the key set is too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
    });
    request.on('error', reject);
  }).then(parseJwks);
