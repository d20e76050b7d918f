import { cleanText } from './clean-text.ts';
import { inSource } from './source-position.ts';

/**
 * The last-line filter (LOG-2). What is logged is chosen by name already (`SafeFields`); this
 * stands behind that for whatever a library puts into its messages.
 */
const patterns: readonly RegExp[] = [
  // JSON Web Tokens, whole or cut: their first part begins with `{"`.
  /\beyJ[\w-]+(?:\.[\w-]*){0,4}/g,
  /\b(?:bearer|basic)\s+\S+/gi,
  // Named values, as query strings, forms, cookies and JSON carry them.
  /\b(?:access_token|refresh_token|id_token|token|code|code_verifier|code_challenge|state|nonce|client_secret|secret|password|cookie|authorization|x-api-key)["']?\s*[=:]\s*["']?[^\s"'&;,}]+/gi,
  // Addresses of people, also URL-encoded.
  /[\w.!#$&'*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*/gi,
];

/**
 * Our codes, verifiers and secrets are at least 256 bits: 43 characters of base64url, 64 of hex.
 */
const opaque = /[\w-]{32,}/g;
const identifier =
  /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|1-[0-9a-f]{8}-[0-9a-f]{24})$/i;

/** Fields that hold public identifiers as long as secrets are. */
const identifiers = new Set([
  'clientId',
  'requestId',
  'traceId',
  'xray_trace_id',
  'service',
  'definition',
  'groups',
]);

const placeholder = '[redacted]';

/**
 * A short word or a moment in time: nothing that the filter below would look for fits into one, and
 * most fields of most lines hold nothing else. Whether both ways say the same is a property that the
 * tests hold.
 */
const plain = /^(?:(?!.*eyJ)[\w./-]{1,31}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

/**
 * One string of a log line: cleaned (LOG-3), and without anything that looks like a credential or
 * an address.
 */
export const filtered = (field: string, text: string): string => {
  if (plain.test(text) || identifier.test(text)) return text;
  const readable = patterns.reduce(
    (line, pattern) => line.replace(pattern, placeholder),
    cleanText(text),
  );
  if (identifiers.has(field)) return readable;
  return readable.replace(opaque, (run) => (identifier.test(run) ? run : placeholder));
};

/** Frames of a stack in a line. */
const mostFrames = 3;

/** Of a stack: as many as V8 notes. Each may be looked up in the bundle's map. */
const frameLimit = 10;

/**
 * An error as one line: name, message and code of each in its chain of causes, and where the
 * innermost came from.
 * @param isOurs whether it is a failure of ours, which names lines of the sources. What strangers
 * can cause names those of the bundle, which costs nothing
 */
export const describeError = (error: unknown, isOurs = true): string => {
  const chain: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code =
      'code' in current && typeof current.code === 'string' && current.code !== current.name
        ? ` (${current.code})`
        : '';
    const message = messageOf(current);
    chain.push(`${current.name}${code}${message === '' ? '' : `: ${message}`}`);
    if (!(current.cause instanceof Error)) break;
    current = current.cause;
  }
  if (!(current instanceof Error)) return `a thrown ${typeof error}`;
  const frames = framesOf(current).map((frame) => (isOurs ? inSource(frame) : frame));
  return [chain.join(' <- '), ...tellingFrames(frames)].join(' | ');
};

/**
 * The frames of a stack, without its message: that may quote what a caller sent, and so have lines
 * that look like frames, in any number.
 */
const framesOf = ({ message, stack }: Error): readonly string[] =>
  // As text, whatever a tool has put there: describing an error must not fail.
  String(stack)
    .replace(String(message), '')
    .match(/(?<=^ +)at .+/gm)
    ?.slice(0, frameLimit) ?? [];

/** The innermost, and among them the first that is in nobody else's package. */
const tellingFrames = (frames: readonly string[]): readonly string[] => {
  const first = frames.findIndex((frame) => !/node_modules\/|\bnode:/.test(frame));
  return first < mostFrames
    ? frames.slice(0, mostFrames)
    : [...frames.slice(0, mostFrames - 1), ...frames.slice(first, first + 1)];
};

/**
 * A SyntaxError's message quotes the text that it could not parse, so it is left out. A schema's is
 * JSON that names each `code` as credentials are named; it is told in words, by zod's own fields.
 */
const messageOf = (error: Error): string => {
  if (error instanceof SyntaxError) return '';
  if (!('issues' in error) || !Array.isArray(error.issues)) return error.message;
  return error.issues.map(issueOf).join(', ');
};

const issueOf = (issue: { readonly path?: unknown; readonly code?: unknown }): string => {
  const path = Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
  return `${String(issue.code)} at ${path === '' ? 'the root' : path}`;
};
