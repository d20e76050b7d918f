import * as z from 'zod/mini';
import { namedBy, protocolVersions } from '../../../policy/mcp-methods.ts';
import { HeaderMismatch, InvalidParameters, UnsupportedProtocolVersion } from '../../errors/errors.ts';
import { claimsVersion, type Message, versionKey } from './message.ts';
import { requireAgreement } from './mirrored-value.ts';

type Headers = Readonly<Record<string, string>>;

/** How a message is to be served. */
export interface Spoken {
  readonly era: 'modern' | 'legacy';
  readonly version: string;
}

const modern: ReadonlySet<string> = new Set(protocolVersions.modern);
const legacy: ReadonlySet<string> = new Set(protocolVersions.legacy);
const supported = [...protocolVersions.modern, ...protocolVersions.legacy];

/** Before 2025-06-18 there was no version header (2026-07-28 "Protocol Version Header"). */
const unnamedVersion = '2025-03-26';

/**
 * Decides by the body (2026-07-28 "Backward Compatibility"): a message whose `_meta` names a version is modern, `initialize`
 * and all others are legacy. The headers of a modern request must agree; those of older ones mean nothing (AUTH-8).
 *
 * @throws HeaderMismatch, InvalidParameters, UnsupportedProtocolVersion
 */
export const spoken = (message: Message, headers: Headers): Spoken => {
  const named = headers['mcp-protocol-version'];
  const isModern = claimsVersion(message.params) || (message.method !== 'initialize' && named !== undefined && modern.has(named));
  if (isModern) {
    const version = message.id === undefined ? notificationVersion(message, headers) : requestVersion(message, headers);
    return { era: 'modern', version };
  }
  if (message.method === 'initialize' && named !== undefined && modern.has(named)) {
    throw new HeaderMismatch({ message: 'The MCP-Protocol-Version header names a version that has no initialize.' });
  }
  // `initialize` negotiates in its body, whatever the header says.
  if (message.method !== 'initialize' && named !== undefined && !legacy.has(named)) throw unsupported(named);
  return { era: 'legacy', version: named ?? unnamedVersion };
};

const unsupported = (requested: string) => new UnsupportedProtocolVersion({ data: { supported, requested } });

const envelope = z.looseObject({
  [versionKey]: z.string(),
  'io.modelcontextprotocol/clientCapabilities': z.record(z.string(), z.unknown()),
  'io.modelcontextprotocol/clientInfo': z.optional(z.looseObject({ name: z.string(), version: z.string() })),
  'io.modelcontextprotocol/logLevel': z.optional(z.enum(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'])),
});

const requestVersion = ({ method, params }: Message, headers: Headers): string => {
  const parsed = envelope.safeParse(params['_meta']);
  if (!parsed.success) {
    const key = String(parsed.error.issues[0]?.path[0] ?? versionKey);
    throw new InvalidParameters({ message: `_meta is not that of protocol version 2026-07-28: ${key} is missing or malformed.` });
  }
  const version = parsed.data[versionKey];
  const named = headers['mcp-protocol-version'];
  if (named !== undefined && named !== version)
    throw new HeaderMismatch({ message: 'The MCP-Protocol-Version header does not agree with the body.' });
  if (!modern.has(version)) throw unsupported(version);
  if (named === undefined) throw new HeaderMismatch({ message: 'The MCP-Protocol-Version header is missing.' });
  if (headers['mcp-method'] !== method)
    throw new HeaderMismatch({ message: 'The Mcp-Method header is missing or does not agree with the body.' });
  requireName(method, params, headers);
  return version;
};

const sources: Readonly<Record<string, string>> = namedBy;

const requireName = (method: string, params: Message['params'], { 'mcp-name': header }: Headers): void => {
  const source = Object.hasOwn(sources, method) ? sources[method] : undefined;
  if (source === undefined) return;
  const value = params[source];
  // What has no name in its body is refused for that, later.
  if (typeof value === 'string' || header !== undefined)
    requireAgreement('Mcp-Name', header, (name) => typeof value !== 'string' || name === value);
};

// Headers of notifications are not defined by 2026-07-28; what is there must agree all the same.
const notificationVersion = ({ method, params: { _meta: meta } }: Message, headers: Headers): string => {
  const named = headers['mcp-protocol-version'];
  const claimed = meta?.[versionKey] ?? named;
  if ((named ?? claimed) !== claimed || (headers['mcp-method'] ?? method) !== method) throw new HeaderMismatch();
  if (typeof claimed !== 'string' || !modern.has(claimed)) throw unsupported(String(claimed));
  return claimed;
};
