import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { CognitoState } from './state.ts';

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

type KeptKeys = CognitoState['signingKeys'];

/** The public half of a private key of RSA is two of its members. */
const restoreKey = async ({ kid, privateJwk }: KeptKeys[Use]): Promise<SigningKey> => {
  const privateKey = await importJWK(privateJwk, 'RS256', { extractable: true });
  if (privateKey instanceof Uint8Array) throw new Error('The kept signing key is no RSA key.');
  const { n, e } = await exportJWK(privateKey);
  if (n === undefined || e === undefined) throw new Error('The kept signing key is no RSA key.');
  return { privateKey, kid, jwk: { kty: 'RSA', n, e, alg: 'RS256', kid, use: 'sig' } };
};

const restoreKeys = async (kept: KeptKeys): Promise<Record<Use, SigningKey>> => {
  const [id, access] = await Promise.all([restoreKey(kept.id), restoreKey(kept.access)]);
  return { id, access };
};

const keep = async ({ kid, privateKey }: SigningKey): Promise<KeptKeys[Use]> => ({
  kid,
  privateJwk: { ...(await exportJWK(privateKey)), kty: 'RSA' },
});

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
  /** The private keys, for a restart. */
  state(): Promise<KeptKeys>;
}

/** A pool has two keys, one for ID tokens and one for access tokens; both stand in the JWKS. */
export const makeSigningKeys = async (kept?: KeptKeys): Promise<SigningKeys> => {
  let keys = await (kept ? restoreKeys(kept) : makeKeys());
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
    state: async () => ({ id: await keep(keys.id), access: await keep(keys.access) }),
  };
};
