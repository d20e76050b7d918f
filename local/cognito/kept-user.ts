import * as z from 'zod';

/** Somebody as the directory keeps them, over a restart too. */
export const keptUser = z.strictObject({
  sub: z.string(),
  username: z.string(),
  status: z.enum([
    'UNCONFIRMED',
    'CONFIRMED',
    'FORCE_CHANGE_PASSWORD',
    'RESET_REQUIRED',
    'EXTERNAL_PROVIDER',
  ]),
  since: z.number(),
  groups: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
  /** Base64, of scrypt. */
  salt: z.string(),
  hash: z.string(),
});

export type KeptUser = z.infer<typeof keptUser>;
