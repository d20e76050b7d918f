import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A POST of one of AWS's JSON services: the one form of request that the functions sign. */
export interface UnsignedCall {
  /** The signing name: `dynamodb`. */
  readonly service: string;
  readonly region: string;
  readonly host: string;
  /** `/`, unless an endpoint of the SDKs' settings has one. */
  readonly path: string;
  readonly contentType: string;
  /** Of `X-Amz-Target`. */
  readonly target: string;
  readonly body: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** There where the credentials are a role's. */
  readonly sessionToken?: string;
}

/**
 * The headers of a call under Signature Version 4 (IAM user guide, "Create a signed AWS API
 * request"), as a flat list of names and values, which Node's http sends as it stands. A signer of any
 * request, such as aws4, asks at each step what this one knows beforehand; a test holds it to aws4's
 * signatures.
 */
export const signedHeaders = (
  { service, region, host, path, contentType, target, body }: UnsignedCall,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  now: Date,
): readonly string[] => {
  const time = timestampOf(now);
  const date = time.slice(0, 8);
  const length = String(Buffer.byteLength(body));
  const hasToken = sessionToken !== undefined;
  const names = hasToken
    ? 'content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target'
    : 'content-length;content-type;host;x-amz-date;x-amz-target';
  const token = hasToken ? `x-amz-security-token:${sessionToken}\n` : '';
  const canonical = `POST\n${path}\n\ncontent-length:${length}\ncontent-type:${contentType}\nhost:${host}\nx-amz-date:${time}\n${token}x-amz-target:${target}\n\n${names}\n${hash('sha256', body, 'hex')}`;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  const signature = hmac(signingKey(secretAccessKey, date, region, service), toSign).digest('hex');
  const headers = [
    'Host',
    host,
    'Content-Type',
    contentType,
    'Content-Length',
    length,
    'X-Amz-Target',
    target,
    'X-Amz-Date',
    time,
    'Authorization',
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  ];
  if (hasToken) headers.push('X-Amz-Security-Token', sessionToken);
  return headers;
};

/** ISO 8601 in its basic format, to the second: `20261124T120000Z`. */
const timestampOf = (now: Date): string => {
  const text = now.toISOString();
  return `${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`;
};

const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text);

// The key of a day, region and service. As a KeyObject: Node takes longer to make one of bytes, which
// it would for every call, than to sign with it. It is secret, so there is one at a time and not a
// pile of yesterday's.
let kept:
  | {
      readonly secret: string;
      readonly date: string;
      readonly region: string;
      readonly service: string;
      readonly key: KeyObject;
    }
  | undefined;

const signingKey = (secret: string, date: string, region: string, service: string): KeyObject => {
  if (
    kept?.secret !== secret ||
    kept.date !== date ||
    kept.region !== region ||
    kept.service !== service
  ) {
    const first = createSecretKey(`AWS4${secret}`, 'utf8');
    const key = [date, region, service, 'aws4_request'].reduce(
      (key, part) => createSecretKey(hmac(key, part).digest()),
      first,
    );
    kept = { secret, date, region, service, key };
  }
  return kept.key;
};
