import * as z from 'zod/mini';
import { sizes } from '../../../policy/limits.ts';
import { protocolVersions } from '../../../policy/mcp-methods.ts';
import { InvalidRequest } from '../../errors/errors.ts';

/** 2026-07-28 "Requests" and "Progress": a string or an integer, never null. Bounded, since every progress notification repeats it. */
const requestId = z.union([z.string().check(z.maxLength(sizes.displayedCharacters)), z.int()]);
export type RequestId = z.infer<typeof requestId>;

// zod builds new objects, without `__proto__`, so that no later spread or lookup meets one (IN-2).
const parameters = z.looseObject({ _meta: z.optional(z.looseObject({ progressToken: z.optional(requestId) })) });
export type Parameters = z.infer<typeof parameters>;

const message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.optional(requestId),
  method: z.string().check(z.maxLength(sizes.displayedCharacters)),
  params: z.optional(parameters),
});

/** A JSON-RPC request; without `id`, a notification. */
export interface Message {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Parameters;
}

/** One message of a body. @throws InvalidRequest: the envelope is not that of a request or notification; responses are none. */
export const parseMessage = (json: unknown, errorId: (json: unknown) => RequestId | null = readableId): Message => {
  const parsed = message.safeParse(json);
  if (!parsed.success) {
    throw new InvalidRequest({ rpcId: errorId(json), message: 'The body is not a JSON-RPC 2.0 request or notification.' });
  }
  const { id, method, params = {} } = parsed.data;
  return { id, method, params };
};

/** The id of a message that is otherwise malformed: errors carry it wherever it can be read. */
const readableId = (json: unknown): RequestId | null => readable.safeParse(json).data?.id ?? null;

const readable = z.object({ method: z.string(), id: requestId });

/**
 * All messages of a batch, which 2025-03-26 alone knows. Every element is checked before any is dispatched (IN-1).
 * @throws InvalidRequest
 */
export const parseBatch = (elements: readonly unknown[], version: string | undefined): readonly Message[] => {
  const refuse = (reason: string): never => {
    throw new InvalidRequest({ message: reason });
  };
  if (version !== undefined && version !== protocolVersions.legacy.at(-1)) refuse('Batches exist in protocol version 2025-03-26 only.');
  if (elements.length === 0) refuse('The batch is empty.');
  if (elements.length > sizes.batchMessages) refuse(`A batch may have ${sizes.batchMessages} messages.`);
  const messages = elements.map((element) => parseMessage(element, () => null));
  // 2025-03-26 "Initialization": not part of a batch. A modern envelope in a batch would escape the checks of its era.
  if (messages.some(({ method }) => method === 'initialize')) refuse('A batch may not contain an initialize request.');
  if (messages.some(({ params }) => claimsVersion(params))) refuse('Protocol version 2026-07-28 has no batches.');
  return messages;
};

export const versionKey = 'io.modelcontextprotocol/protocolVersion';

/** Whether a message says by itself which version it speaks, as all of 2026-07-28 do. */
export const claimsVersion = ({ _meta: meta = {} }: Parameters): boolean => Object.hasOwn(meta, versionKey);
