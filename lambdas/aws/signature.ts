import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** What is signed: a POST of a JSON service, all of whose headers are ours. */
export interface SignedCall {
  readonly service: string;
  readonly region: string;
  readonly host: string;
  readonly path: string;
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Lambda's credentials are temporary and always have one. */
  readonly sessionToken?: string | undefined;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: KeyObject | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

// A key holds for a day, a region and a service, and costs four hashes: it is kept for the calls that follow, as a KeyObject,
// which node would otherwise make anew from the bytes each time.
const kept = new Map<string, { readonly secret: string; readonly key: KeyObject }>();

const signingKey = (secret: string, date: string, region: string, service: string): KeyObject => {
  const scope = `${date}/${region}/${service}`;
  const known = kept.get(scope);
  if (known?.secret === secret) return known.key;
  const key = [region, service, 'aws4_request'].reduce((bytes, part) => hmac(createSecretKey(bytes), part), hmac(`AWS4${secret}`, date));
  // Yesterday's keys are of no use; a function that lives for days keeps no pile of them.
  if (kept.size > 8) kept.clear();
  const object = createSecretKey(key);
  kept.set(scope, { secret, key: object });
  return object;
};

/**
 * The headers of a call, signed (Signature Version 4, "Create a signed AWS API request"). A general signer spends three times
 * as long on a request whose form is always the same; the tests hold this one to AWS's own words by such a signer.
 */
export const signedHeaders = (call: SignedCall, credentials: Credentials, now: Date): Record<string, string> => {
  const amzDate = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const date = amzDate.slice(0, 8);
  const headers: Record<string, string> = {
    'content-length': String(Buffer.byteLength(call.body)),
    'content-type': call.contentType,
    host: call.host,
    'x-amz-date': amzDate,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    'x-amz-target': call.target,
  };
  // Already in the order of their names.
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n${call.path}\n\n${lines.join('')}\n${names}\n${sha256(call.body)}`;
  const scope = `${date}/${call.region}/${call.service}/aws4_request`;
  const signature = hmac(
    signingKey(credentials.secretAccessKey, date, call.region, call.service),
    `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`,
  ).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
};
