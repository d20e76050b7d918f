/**
 * F. What `@middy/http-security-headers` can state, in its own terms; CloudFront's response-headers
 * policy takes the same facts.
 */
export const securityHeaderFacts = {
  contentTypeOptions: { action: 'nosniff' },
  frameOptions: { action: 'deny' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true, preload: false },
  referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
} as const;

/**
 * F. The rows that the package cannot send: it knows `X-XSS-Protection: 0` only, merges forty
 * defaults into `Permissions-Policy`, and has no `Cache-Control`. Names are lower case, as HTTP/2
 * sends them.
 */
export const literalHeaders = {
  'x-xss-protection': '1; mode=block',
  'permissions-policy': 'geolocation=(), microphone=(), camera=()',
  'cache-control': 'no-store, no-cache, must-revalidate, private',
} as const;

export const contentSecurityPolicy = {
  production:
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' https:; img-src 'self' data: https:; font-src 'self'; object-src 'none'; media-src 'none'; frame-src 'none'",
  development:
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; img-src 'self' data: https:; font-src 'self' data: https:",
} as const;

/**
 * The pages (consent, errors) are stricter: no source at all but one nonced style sheet. `{nonce}`
 * is new for each response. `form-action 'self'` governs the redirects that follow a POST too
 * (Chromium), hence the meta refresh after an approval.
 */
export const pageContentSecurityPolicy =
  "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Added where a page shows a logo, which stands in the page itself. */
export const pageLogoPolicy = 'img-src data:';

/**
 * The one exception to `cache-control`: discovery documents are public and the specifications ask
 * for caching (RFC 9728 section 3.2).
 */
export const discoveryCacheControl = 'public, max-age={discoverySeconds}';

/** Removed from every response. */
export const removedHeaders = [
  'server',
  'x-powered-by',
  'x-aspnet-version',
  'x-aspnetmvc-version',
] as const;

/** `max-age=…; includeSubDomains` (RFC 6797 section 6.1). */
const strictTransportSecurity = (facts: {
  readonly maxAge: number;
  readonly includeSubDomains: boolean;
  readonly preload: boolean;
}): string =>
  [
    `max-age=${facts.maxAge}`,
    ...(facts.includeSubDomains ? ['includeSubDomains'] : []),
    ...(facts.preload ? ['preload'] : []),
  ].join('; ');

/** The facts and the literal rows as headers, without the content security policy. */
export const securityHeaders = {
  'x-content-type-options': securityHeaderFacts.contentTypeOptions.action,
  'x-frame-options': securityHeaderFacts.frameOptions.action.toUpperCase(),
  'strict-transport-security': strictTransportSecurity(securityHeaderFacts.strictTransportSecurity),
  'referrer-policy': securityHeaderFacts.referrerPolicy.policy,
  ...literalHeaders,
} as const;

/** The whole table for an environment: what gateway responses, WAF blocks and handlers send. */
export const headerTable = (environment: 'production' | 'development') => ({
  ...securityHeaders,
  'content-security-policy': contentSecurityPolicy[environment],
});
