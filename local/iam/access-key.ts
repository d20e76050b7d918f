import type { LoopbackRequest } from '../loopback/request.ts';

/** The access key that a request is signed with (Signature Version 4); '' where it is not. */
export const accessKeyIn = ({ headers }: LoopbackRequest): string =>
  /^AWS4-HMAC-SHA256 (?:.*[ ,])?Credential=([^/,]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
