import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly kid: string;
  readonly jwk: JWK;
}

type Use = 'access' | 'id';

const makeKey = async (): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = Buffer.from(randomUUID()).toString('base64');
  return {
    privateKey,
    kid,
    jwk: { ...(await exportJWK(publicKey)), alg: 'RS256', kid, use: 'sig' },
  };
};

const makeKeys = async (): Promise<Record<Use, SigningKey>> => {
  const [id, access] = await Promise.all([makeKey(), makeKey()]);
  return { id, access };
};

export interface SigningKeys {
  jwks(): { readonly keys: readonly JWK[] };
  sign(
    use: Use,
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  rotate(): Promise<void>;
}

/** A pool has two keys, one for ID tokens and one for access tokens; both stand in the JWKS. */
export const makeSigningKeys = async (): Promise<SigningKeys> => {
  let keys = await makeKeys();
  return {
    jwks: () => ({ keys: [keys.id.jwk, keys.access.jwk] }),
    sign: (use, claims, header = {}) => {
      const key = keys[use];
      return new SignJWT({ ...claims })
        .setProtectedHeader({ kid: key.kid, ...header, alg: 'RS256' })
        .sign(key.privateKey);
    },
    rotate: async () => {
      keys = await makeKeys();
    },
  };
};
