import * as z from 'zod/mini';
import type { Table } from '../aws/table.ts';

/** `document#<hash of its URL>`: a client's metadata document, as it was fetched (OAUTH-5). */
export const documentItem = z.object({
  pk: z.string(),
  name: z.string(),
  redirectUris: z.array(z.string()),
  /** It could not be used: there is no copy then. `gone`: its host said so (404, 410). */
  failure: z.optional(z.enum(['gone', 'unusable'])),
  /** Epoch seconds; fetched again after that. */
  freshUntil: z.number(),
  /** Epoch seconds; it stands in for an outage until then (RFC 5861). */
  expiresAt: z.number(),
});

const document = z.omit(documentItem, { pk: true });
export type CachedDocument = z.infer<typeof document>;

const keyOf = (hash: string) => `document#${hash}`;

/** It may be stale or expired: compare its times. */
export const findDocument = async (
  table: Table,
  hash: string,
): Promise<CachedDocument | undefined> =>
  document.safeParse(await table.get(keyOf(hash), { consistent: false })).data;

interface KeptDocument extends Omit<CachedDocument, 'redirectUris'> {
  readonly redirectUris: readonly string[];
}

export const keepDocument = (
  table: Table,
  hash: string,
  { name, redirectUris, failure, freshUntil, expiresAt }: KeptDocument,
): Promise<void> =>
  table.put({
    pk: keyOf(hash),
    name,
    redirectUris,
    freshUntil,
    expiresAt,
    ...(failure !== undefined && { failure }),
  });
