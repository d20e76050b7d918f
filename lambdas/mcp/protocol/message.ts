import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import type { protocolVersions } from '../../../policy/mcp-methods.ts';
import { InvalidRequest } from '../../errors/errors.ts';

/**
 * 2026-07-28 "Requests" and "Progress": a string or an integer, never null. Bounded, since every
 * progress notification repeats it.
 */
export type RequestId = string | number;

const isRequestId = (value: unknown): value is RequestId =>
  typeof value === 'string'
    ? value.length <= sizes.displayedCharacters
    : Number.isSafeInteger(value);

type Members = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An object as it stands, since a copy of each is what a request would cost most. Nobody assigns by
 * the names in it (IN-2).
 */
export const object = z.custom<Members>(isObject);

/** `_meta` of the parameters. */
interface Meta extends Members {
  readonly progressToken?: RequestId | undefined;
}

/** A JSON-RPC request; without `id`, a notification. */
export interface Message {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Members;
  readonly meta: Meta;
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
  const message = readMessage(json);
  if (message === undefined)
    throw new InvalidRequest({
      rpcId: errorId(json),
      message: 'The body is not a JSON-RPC 2.0 request or notification.',
    });
  return message;
};

// By hand: every call waits for it, and a schema of zod/mini makes a copy and a list for each object.
const readMessage = (json: unknown): Message | undefined => {
  if (!isObject(json)) return undefined;
  const { jsonrpc, id, method, params: given } = json;
  if (jsonrpc !== '2.0' || !isText(method)) return undefined;
  if (id !== undefined && !isRequestId(id)) return undefined;
  const params = readMembers(given ?? {});
  const meta = readMembers(params?.['_meta'] ?? {});
  return params !== undefined && meta !== undefined && isMeta(meta)
    ? { id, method, params, meta }
    : undefined;
};

/** Bounded as `text` of lambdas/http is. */
export const isText = (
  value: unknown,
  maximum: number = sizes.displayedCharacters,
): value is string => typeof value === 'string' && value.length <= maximum;

const readMembers = (value: unknown): Members | undefined =>
  isObject(value) ? withoutNulls(value) : undefined;

const isMeta = (meta: Members): meta is Meta =>
  meta['progressToken'] === undefined || isRequestId(meta['progressToken']);

/**
 * Members that are null count as absent: clients in Go and Java write what they leave out so. Most
 * messages have none, and no copy is made of those.
 */
export const withoutNulls = (members: Members): Members => {
  for (const name in members)
    if (members[name] === null)
      return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
  return members;
};

/** The id of a message that is otherwise malformed: errors carry it wherever it can be read. */
const readableId = (json: unknown): RequestId | null =>
  isObject(json) && isText(json['method']) && isRequestId(json['id']) ? json['id'] : null;

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
