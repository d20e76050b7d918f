import * as z from 'zod/mini';
import { lifetimes } from '../../policy/lifetimes.ts';
import { epochSeconds, type Table } from '../aws/table.ts';

/** `approval#<hash of its cookie>`: what a person allowed in one browser (OAUTH-8). */
export const approvalItem = z.object({
  pk: z.string(),
  clientId: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.string()),
  /** A hash of what the consent page showed. */
  shown: z.string(),
  /** Epoch seconds; asked again after that. */
  expiresAt: z.number(),
});

const approval = z.omit(approvalItem, { pk: true, expiresAt: true });
export type Approval = z.infer<typeof approval>;

/** An approval, and until when it holds. */
const keptItem = z.omit(approvalItem, { pk: true });
type KeptItem = z.infer<typeof keptItem>;

const keyOf = (hash: string) => `approval#${hash}`;

export const keepApproval = (
  table: Table,
  hash: string,
  { clientId, redirectUri, scopes, shown }: Approval,
  now: Date,
): Promise<void> =>
  table.put({
    pk: keyOf(hash),
    clientId,
    redirectUri,
    scopes,
    shown,
    expiresAt: epochSeconds(now) + lifetimes.rememberedConsentSeconds,
  });

/** @returns undefined when there is none, or it has expired */
export const findApproval = async (
  table: Table,
  hash: string,
  now: Date,
): Promise<KeptItem | undefined> => {
  const item = approvalItem.safeParse(await table.get(keyOf(hash), { consistent: true })).data;
  return item && item.expiresAt > epochSeconds(now) ? item : undefined;
};

export const forgetApproval = async (table: Table, hash: string): Promise<void> => {
  await table.delete(keyOf(hash));
};
