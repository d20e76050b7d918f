/**
 * URL mode `cloudfront`: what the distribution adds to each request on its way to the stage. Names
 * in lower case.
 */
export const edgeHeaders = {
  /** The viewer's address, written by the distribution over whatever the client sent (RATE-10). */
  viewerAddress: 'x-gatehouse-viewer-address',
  /** Proves to the stage's web ACL that the request came through the distribution. */
  originSecret: 'x-gatehouse-origin-secret',
} as const;

export const edgeSettings = {
  /** Letters and digits of the origin secret. */
  originSecretCharacters: 64,
  /**
   * How long the distribution waits for the next byte (60 s is the most that needs no quota
   * increase): a quiet stream needs keep-alives.
   */
  originReadSeconds: 60,
  originKeepaliveSeconds: 60,
  /**
   * How long an error is kept at the edge. By default ten seconds, for everybody who asks for that
   * path, whatever it was about.
   */
  keptErrorSeconds: 0,
} as const;
