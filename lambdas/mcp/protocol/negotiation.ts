import { sizes } from '../../../policy/limits.ts';
import { namedBy, protocolVersions } from '../../../policy/mcp-methods.ts';
import {
  HeaderMismatch,
  InvalidParameters,
  UnsupportedProtocolVersion,
} from '../../errors/errors.ts';
import type { ClientCapabilities } from '../authoring/input-required.ts';
import {
  claimedVersion,
  isObject,
  isText,
  type Message,
  oldestVersion,
  versionKey,
  withoutNulls,
} from './message.ts';
import { requireAgreement } from './mirrored-value.ts';

type Headers = Readonly<Record<string, string>>;

/** How a message is to be served. */
export interface NegotiatedProtocol {
  readonly era: 'modern' | 'legacy';
  readonly version: string;
  /** Empty for the 2025 revisions, whose clients say it only once, to another process perhaps. */
  readonly clientCapabilities: ClientCapabilities;
}

const modern: ReadonlySet<string> = new Set(protocolVersions.modern);
const legacy: ReadonlySet<string> = new Set(protocolVersions.legacy);
export const supportedVersions = [...protocolVersions.modern, ...protocolVersions.legacy];

/**
 * Decides by the body (2026-07-28 "Backward Compatibility"): a message whose `_meta` names a
 * version is modern, `initialize` and all others are legacy. The headers of a modern request must
 * agree; those of older ones mean nothing (AUTH-8).
 *
 * @throws HeaderMismatch, InvalidParameters, UnsupportedProtocolVersion
 */
export const negotiateProtocol = (message: Message, headers: Headers): NegotiatedProtocol => {
  const named = headers['mcp-protocol-version'];
  const namesModern = named !== undefined && modern.has(named);
  const isHandshake = message.method === 'initialize' && claimedVersion(message) === undefined;
  if (isHandshake && namesModern) {
    throw new HeaderMismatch({
      message: 'The MCP-Protocol-Version header names a version that has no initialize.',
    });
  }
  if (claimedVersion(message) !== undefined || namesModern) {
    return message.id === undefined
      ? modernNotification(message, headers)
      : modernRequest(message, headers);
  }
  // `initialize` negotiates in its body, whatever the header says. Before 2025-06-18 there was no
  // header.
  if (!isHandshake && named !== undefined && !legacy.has(named)) throw unsupported(named);
  return { era: 'legacy', version: named ?? oldestVersion, clientCapabilities: {} };
};

const unsupported = (requested: string) =>
  new UnsupportedProtocolVersion({ data: { supported: supportedVersions, requested } });

const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const clientInfoKey = 'io.modelcontextprotocol/clientInfo';
const logLevelKey = 'io.modelcontextprotocol/logLevel';

const logLevels: ReadonlySet<unknown> = new Set([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]);

const areCapabilities = (given: Message['params']): given is ClientCapabilities =>
  isCapability(given['elicitation']) &&
  isCapability(given['sampling']) &&
  isCapability(given['roots']);

const isCapability = (value: unknown): boolean => value === undefined || isObject(value);

const isClientInfo = (value: unknown): boolean =>
  isObject(value) && isText(value['name']) && isText(value['version']);

/**
 * What `_meta` of a modern request says. By hand, as the message itself is read.
 * @throws InvalidParameters naming the first member that is not as it must be
 */
const envelopeOf = ({ meta }: Message) => {
  const version = meta[versionKey];
  if (!isText(version, sizes.wordCharacters)) throw malformed(versionKey);
  const declared = meta[capabilitiesKey];
  const clientCapabilities = isObject(declared) ? withoutNulls(declared) : undefined;
  if (clientCapabilities === undefined || !areCapabilities(clientCapabilities))
    throw malformed(capabilitiesKey);
  const clientInfo = meta[clientInfoKey];
  if (clientInfo !== undefined && !isClientInfo(clientInfo)) throw malformed(clientInfoKey);
  const logLevel = meta[logLevelKey];
  if (logLevel !== undefined && !logLevels.has(logLevel)) throw malformed(logLevelKey);
  return { version, clientCapabilities };
};

const malformed = (key: string) =>
  new InvalidParameters({
    message: `_meta is not that of protocol version 2026-07-28: ${key} is missing or malformed.`,
  });

const modernRequest = (message: Message, headers: Headers): NegotiatedProtocol => {
  const { method, params } = message;
  const named = headers['mcp-protocol-version'];
  const claimed = claimedVersion(message);
  // First of all: a version that is not served may ask for another `_meta` than ours.
  if (typeof claimed === 'string' && (named ?? claimed) === claimed && !modern.has(claimed))
    throw unsupported(claimed);
  const { version, clientCapabilities } = envelopeOf(message);
  requireEqual('MCP-Protocol-Version', named, version);
  requireEqual('Mcp-Method', headers['mcp-method'], method);
  requireName(method, params, headers);
  return { era: 'modern', version, clientCapabilities };
};

const requireEqual = (header: string, value: string | undefined, expected: string): void => {
  if (value !== expected)
    throw new HeaderMismatch({
      message: `The ${header} header is missing or does not agree with the body.`,
    });
};

const sources: ReadonlyMap<string, string> = new Map(Object.entries(namedBy));

const requireName = (
  method: string,
  params: Message['params'],
  { 'mcp-name': header }: Headers,
): void => {
  const source = sources.get(method);
  if (source === undefined) return;
  const value = params[source];
  // What has no name in its body is refused for that, later.
  if (typeof value === 'string' || header !== undefined)
    requireAgreement('Mcp-Name', header, (name) => typeof value !== 'string' || name === value);
};

// Headers of notifications are not defined by 2026-07-28; what is there must agree all the same.
const modernNotification = (message: Message, headers: Headers): NegotiatedProtocol => {
  const named = headers['mcp-protocol-version'];
  const version = claimedVersion(message) ?? named;
  if (typeof version !== 'string') throw new InvalidParameters();
  if (
    (named ?? version) !== version ||
    (headers['mcp-method'] ?? message.method) !== message.method
  )
    throw new HeaderMismatch();
  if (!modern.has(version)) throw unsupported(version);
  return { era: 'modern', version, clientCapabilities: {} };
};
