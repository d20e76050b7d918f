import { HeaderMismatch } from '../../errors/errors.ts';
import { textOf } from '../../http/utf8.ts';

const sentinel = /^=\?base64\?(.*)\?=$/s;
const canonicalBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
// RFC 9110 section 5.5, without obs-text: what the specification lets stand unencoded.
const plain = /^[\t\x20-\x7e]*$/;

/**
 * The value of `Mcp-Name` or `Mcp-Param-*`, out of its `=?base64?…?=` where it has one; undefined
 * where that is malformed.
 */
export const decodedHeader = (value: string): string | undefined => {
  const encoded = sentinel.exec(value)?.[1];
  if (encoded === undefined) return plain.test(value) ? value : undefined;
  if (!canonicalBase64.test(encoded)) return undefined;
  return textOf(Buffer.from(encoded, 'base64'));
};

/** @throws HeaderMismatch unless a header says what the body says. */
export const requireAgreement = (
  header: string,
  value: string | undefined,
  agrees: (decoded: string) => boolean,
): void => {
  if (value === undefined)
    throw new HeaderMismatch({ message: `The ${header} header is missing.` });
  const decoded = decodedHeader(value);
  if (decoded === undefined)
    throw new HeaderMismatch({ message: `The ${header} header is not encoded as it must be.` });
  if (!agrees(decoded))
    throw new HeaderMismatch({ message: `The ${header} header does not agree with the body.` });
};
