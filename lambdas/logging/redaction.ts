import { cleanText } from './clean-text.ts';

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

/**
 * An error as one line: name, message and code of each in its chain of causes, and where the
 * innermost came from. A SyntaxError's message quotes the text that it could not parse, so it is
 * left out.
 */
export const describeError = (error: unknown): string => {
  const chain: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code =
      'code' in current && typeof current.code === 'string' && current.code !== current.name
        ? ` (${current.code})`
        : '';
    chain.push(
      `${current.name}${code}${current instanceof SyntaxError ? '' : `: ${current.message}`}`,
    );
    if (!(current.cause instanceof Error)) break;
    current = current.cause;
  }
  if (!(current instanceof Error)) return `a thrown ${typeof error}`;
  const frames = (current.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [chain.join(' <- '), ...frames.slice(0, 3).map((frame) => frame.trim())].join(' | ');
};
