import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import type { protocolVersions } from '../../../policy/mcp-methods.ts';
import { InvalidRequest } from '../../errors/errors.ts';
import { text } from '../../http/bounded.ts';

/**
 * 2026-07-28 "Requests" and "Progress": a string or an integer, never null. Bounded, since every
 * progress notification repeats it.
 */
const requestId = z.custom<string | number>((value) =>
  typeof value === 'string'
    ? value.length <= sizes.displayedCharacters
    : Number.isSafeInteger(value),
);
export type RequestId = z.infer<typeof requestId>;

/**
 * An object as it stands, since a copy of each is what a request would cost most. Nobody assigns by
 * the names in it (IN-2).
 */
export const object = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const envelope = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.optional(requestId),
  method: text(sizes.displayedCharacters),
  params: z.nullish(object),
});
const ownMeta = z.looseObject({ progressToken: z.optional(requestId) });

/** A JSON-RPC request; without `id`, a notification. */
export interface Message {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: z.infer<typeof object>;
  /** `_meta` of the parameters. */
  readonly meta: z.infer<typeof ownMeta>;
}

/**
 * One message of a body.
 * @throws InvalidRequest: the envelope is not that of a request or
 * notification; responses are none.
 */
export const parseMessage = (
  json: unknown,
  errorId: (json: unknown) => RequestId | null = readableId,
): Message => {
  const parsed = envelope.safeParse(json);
  const params = withoutNulls(parsed.data?.params ?? {});
  const { success, data: meta = {} } = ownMeta.safeParse(metaOf(params));
  if (!parsed.success || !success) {
    throw new InvalidRequest({
      rpcId: errorId(json),
      message: 'The body is not a JSON-RPC 2.0 request or notification.',
    });
  }
  const { id, method } = parsed.data;
  return { id, method, params, meta };
};

const metaOf = ({ _meta: meta = {} }: Readonly<Record<string, unknown>>): unknown => {
  const parsed = object.safeParse(meta);
  return parsed.success ? withoutNulls(parsed.data) : meta;
};

/**
 * Members that are null count as absent: clients in Go and Java write what they leave out so. Most
 * messages have none, and no copy is made of those.
 */
export const withoutNulls = (
  members: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  Object.values(members).includes(null)
    ? Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
    : members;

/** The id of a message that is otherwise malformed: errors carry it wherever it can be read. */
const readableId = (json: unknown): RequestId | null => readable.safeParse(json).data?.id ?? null;

const readable = z.object({ method: text(sizes.displayedCharacters), id: requestId });

/** It had no version header yet, and batches. */
export const oldestVersion = '2025-03-26' satisfies (typeof protocolVersions.legacy)[number];

/**
 * All messages of a batch, which 2025-03-26 alone knows. Every element is checked before any is
 * dispatched (IN-1).
 * @throws InvalidRequest
 */
export const parseBatch = (
  elements: readonly unknown[],
  version: string | undefined,
): readonly Message[] => {
  const refuse = (reason: string): never => {
    throw new InvalidRequest({ message: reason });
  };
  if (version !== undefined && version !== oldestVersion)
    refuse(`Batches exist in protocol version ${oldestVersion} only.`);
  if (elements.length === 0) refuse('The batch is empty.');
  if (elements.length > sizes.batchMessages)
    refuse(`A batch may have ${sizes.batchMessages} messages.`);
  const messages = elements.map((element) => parseMessage(element, () => null));
  // 2025-03-26 "Initialization": not part of a batch. A modern envelope in a batch would escape the
  // checks of its era.
  if (messages.some(({ method }) => method === 'initialize'))
    refuse('A batch may not contain an initialize request.');
  if (messages.some((each) => claimedVersion(each) !== undefined))
    refuse('Protocol version 2026-07-28 has no batches.');
  return messages;
};

export const versionKey = 'io.modelcontextprotocol/protocolVersion';

/** The version that a message itself names, as all of 2026-07-28 do. */
export const claimedVersion = ({ meta }: Message): unknown => meta[versionKey];
