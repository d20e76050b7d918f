import { sizes } from '../../policy/limits.ts';
import {
  InvalidRequest,
  MalformedJson,
  RequestTooLarge,
  UnsupportedMediaType,
} from '../errors/errors.ts';
import { isTooDeep } from '../http/json-depth.ts';
import { textOf } from '../http/utf8.ts';
import type { StackOptions } from './options.ts';
import { type Middleware, requestOf } from './request-context.ts';

export const contentTypeOf = (header: string | undefined): string =>
  header === undefined ? '' : readType(header).type;

/** What a Content-Type header says. */
interface ContentType {
  readonly header: string;
  readonly type: string;
  readonly foreignCharset: boolean;
}

// A client sends the same header with every request, and three middlewares read it.
let last: ContentType | undefined;

const readType = (header: string): ContentType => {
  if (last?.header !== header)
    last = {
      header,
      type: header.split(';', 1)[0]?.trim().toLowerCase() ?? '',
      foreignCharset: hasForeignCharset(header),
    };
  return last;
};

// RFC 9110 section 5.6.6: with quotes or without.
const charset = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]*))/gi;

/**
 * A charset other than UTF-8 would let the web ACL and us read two different bodies (RFC 8259
 * section 8.1).
 */
const hasForeignCharset = (contentType: string): boolean =>
  Array.from(contentType.matchAll(charset), ([, quoted, token]) => quoted ?? token ?? '').some(
    (name) => !/^utf-?8$/i.test(name),
  );

const decoded = (base64: string): string => {
  const text = textOf(Buffer.from(base64, 'base64'));
  if (text === undefined) throw new InvalidRequest({ message: 'The body is not valid UTF-8.' });
  return text;
};

const none = { types: [], bytes: 0 };

/** IN-2: the body's size (before it is decoded, too), its content type and its encoding. */
export const body = ({
  types: accepted,
  bytes: maximum,
}: NonNullable<StackOptions['bodies']> = none): Middleware => ({
  before: ({ event }) => {
    const request = requestOf(event);
    // A GET's or DELETE's body means nothing (RFC 9110 section 9.3.1): it is not read.
    if (event.httpMethod !== 'POST') return;
    const raw = event.body ?? '';
    // Base64 is a third longer than what it carries.
    if (raw.length > (event.isBase64Encoded ? Math.ceil(maximum / 3) * 4 : maximum))
      throw new RequestTooLarge();
    const header = request.headers['content-type'];
    const type = contentTypeOf(header);
    // Nothing is unpacked here: a small body could become a large one.
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
      throw new UnsupportedMediaType({ fix: 'Send the body without compression.' });
    if (!accepted.some((each) => each === type) || (header && readType(header).foreignCharset)) {
      throw new UnsupportedMediaType({ fix: `Send ${accepted.join(' or ')}, in UTF-8.` });
    }
    const text = event.isBase64Encoded ? decoded(raw) : raw;
    if (Buffer.byteLength(text) > maximum) throw new RequestTooLarge();
    request.body = text;
  },
});

/**
 * IN-2: JSON of bounded depth, and a JSON-RPC batch of bounded length. Behind authentication:
 * strangers are not parsed for.
 */
export const json = (): Middleware => ({
  before: ({ event }) => {
    const request = requestOf(event);
    if (
      event.httpMethod !== 'POST' ||
      contentTypeOf(request.headers['content-type']) !== 'application/json'
    )
      return;
    if (isTooDeep(request.body, sizes.jsonDepth))
      throw new InvalidRequest({ message: 'The body is nested too deeply.' });
    try {
      request.json = JSON.parse(request.body);
    } catch {
      // Without the cause: its message quotes the body.
      throw new MalformedJson();
    }
    if (Array.isArray(request.json) && request.json.length > sizes.batchMessages) {
      throw new InvalidRequest({ message: 'The batch is too long.' });
    }
  },
});
