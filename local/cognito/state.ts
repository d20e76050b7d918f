import * as z from 'zod';
import { keptUser } from './kept-user.ts';
import { tokenOverrides } from './pre-token-generation.ts';

/** An RSA private key as a JWK; jose checks it when it is imported. */
const signingKey = z.strictObject({
  kid: z.string(),
  privateJwk: z.looseObject({ kty: z.literal('RSA') }),
});

const session = z.strictObject({
  clientId: z.string(),
  sub: z.string(),
  scopes: z.array(z.string()),
  resource: z.string().exactOptional(),
  nonce: z.string().exactOptional(),
  authTime: z.number(),
  originJti: z.string(),
  eventId: z.string(),
  overrides: z.strictObject({
    access: tokenOverrides.exactOptional(),
    id: tokenOverrides.exactOptional(),
    groups: z.array(z.string()).readonly().exactOptional(),
  }),
});

const refreshToken = z.strictObject({
  token: z.string(),
  grant: session,
  expiresAt: z.number(),
  rotatedAt: z.number().exactOptional(),
});

const browserSession = z.strictObject({ id: z.string(), sub: z.string(), authTime: z.number() });

const clientSecrets = z.strictObject({
  current: z.string(),
  previous: z.string().exactOptional(),
});

/**
 * What of a pool outlives a restart, so that a client that was connected stays so. Authorization
 * codes do not: they live for five minutes.
 */
export const cognitoState = z.strictObject({
  signingKeys: z.strictObject({ id: signingKey, access: signingKey }),
  /** By client id. */
  clientSecrets: z.record(z.string(), clientSecrets),
  refreshTokens: z.array(refreshToken),
  /** `originJti` of sign-ins that were revoked. */
  revoked: z.array(z.string()),
  browserSessions: z.array(browserSession),
  users: z.array(keptUser).default([]),
  /** Groups that were made by hand. */
  groups: z.array(z.string()).default([]),
});

export type CognitoState = z.infer<typeof cognitoState>;
