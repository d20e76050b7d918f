/**
 * URL mode `cloudfront`: what the distribution adds to each request on its way to the stage. Names
 * in lower case.
 */
export const edgeHeaders = {
  /** The viewer's address, written by the distribution over whatever the client sent (RATE-10). */
  viewerAddress: 'x-gatehouse-viewer-address',
  /**
   * What the web ACL counts by: the same address, or the /64 of an IPv6 one. One host has all 2^64
   * addresses of its /64, and AWS WAF counts single addresses.
   */
  viewerNetwork: 'x-gatehouse-viewer-network',
  /** Proves to the stage's web ACL that the request came through the distribution. */
  originSecret: 'x-gatehouse-origin-secret',
} as const;

/**
 * Taken off every request. A caller's trace header can say `Sampled=1`, and so make every request
 * cost a trace; how many are traced is for our own rule (monitoring.ts).
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const droppedRequestHeaders = ['x-amzn-trace-id'] as const;

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
