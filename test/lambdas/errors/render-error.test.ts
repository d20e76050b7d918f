import * as errors from '../../../lambdas/errors/errors.ts';
import { renderError } from '../../../lambdas/errors/render-error.ts';

const error = new errors.RateLimitExceeded({
  detail: 'private',
  fix: 'Try again in 12 s.',
  retryAfterSeconds: 12,
  rpcId: 7,
});

const { HttpError, ...leaves } = errors;
const kinds = Object.entries(leaves);

it('writes JSON-RPC', () => {
  const { headers, body, statusCode } = renderError(error, 'jsonrpc', 'request-1');
  expect([statusCode, headers]).toEqual([
    429,
    { 'content-type': 'application/json', 'retry-after': '12' },
  ]);
  expect(JSON.parse(body)).toEqual({
    jsonrpc: '2.0',
    id: 7,
    error: {
      code: 429,
      message: 'Too many requests.',
      data: { code: 'rate_limit_exceeded', fix: 'Try again in 12 s.', requestId: 'request-1' },
    },
  });
});

it('writes RFC 6749, in its characters', () => {
  const { body } = renderError(
    new errors.InvalidScope({ message: 'No "such" \\ scope: é\u0000.' }),
    'oauth',
    'request-1',
  );
  expect(JSON.parse(body)).toEqual({
    error: 'invalid_scope',
    error_description: 'No such  scope: .',
    request_id: 'request-1',
  });
});

it('writes a problem document', () => {
  const { headers, body } = renderError(error, 'problem', 'request-1');
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: 'Too many requests. Try again in 12 s.',
    code: 'rate_limit_exceeded',
    requestId: 'request-1',
  });
});

it('writes a page that says what to do next, with its own strict policy and a new nonce each time', () => {
  const pages = [1, 2].map(() =>
    renderError(new errors.ForeignTransaction({ message: 'A <b> & "c"' }), 'page', 'request-1'),
  );
  const nonces = pages.map(({ headers, body }) => {
    const nonce = /style-src 'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1];
    expect(body).toContain(`<style nonce="${nonce}">`);
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
  const [first] = pages;
  expect(first?.body).toContain('<html lang="en">');
  expect(first?.body).toContain('<h1>A &#60;b&#62; &#38; &#34;c&#34;</h1>');
  expect(first?.body).toContain('go back to the app that');
  expect(first?.body).not.toMatch(/<script|\sstyle=|\son[a-z]+=/);
});

it('writes a page of a brand: its name, logo and colours, and whom to tell', () => {
  const brand = {
    name: 'Orders & more',
    contact: 'help@example.com',
    privacyUrl: 'https://example.com/privacy',
    logo: 'data:image/png;base64,AAAA',
    accent: { light: '#00695c', dark: '#80cbc4' },
  };
  const { headers, body } = renderError(error, 'page', 'request-1', brand);
  expect(headers['content-security-policy']).toMatch(/; base-uri 'none'; img-src data:$/);
  expect(body).toContain('<img src="data:image/png;base64,AAAA" alt="">');
  expect(body).toContain('<span><bdi>Orders &#38; more</bdi></span>');
  expect(body).toContain('tell <a href="mailto:help@example.com">help@example.com</a>: request');
  expect(body).toContain('<a href="https://example.com/privacy">Privacy</a>');
  expect(body).toContain('--accent:#00695c;--on-accent:#ffffff');
  expect(body).toContain('--accent:#80cbc4;--on-accent:#131316');
  const elsewhere = { name: 'Orders', contact: 'https://example.com/help' };
  expect(renderError(error, 'page', 'request-1', elsewhere).body).toContain(
    'tell <a href="https://example.com/help">https://example.com/help</a>: request',
  );
});

describe.each(kinds)('%s', (_name, Kind) => {
  it.each(['jsonrpc', 'oauth', 'page', 'problem'] as const)(
    'shows nothing private as %s, and names the request',
    (shape) => {
      const error = new Kind({ detail: 'private detail', cause: new Error('private cause') });
      const { statusCode, headers, body } = renderError(error, shape, 'request-1');
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(headers) + body).not.toContain('private');
      expect(body).toContain('request-1');
    },
  );
});

it.each([
  errors.InvalidClient,
  errors.InvalidRequest,
  errors.ForeignTransaction,
  errors.MethodNotAllowed,
  errors.RequestTooLarge,
  errors.UnsupportedMediaType,
  errors.TemporarilyUnavailable,
  errors.OutOfTime,
  errors.Unexpected,
])('speaks of apps where a person reads it: %p', (Kind) => {
  const { body } = renderError(new Kind(), 'page', 'request-1');
  expect(body).not.toMatch(/\b(clients?|applications?)\b/i);
});

it('has one stable code for each kind', () => {
  const codes = kinds.map(([, Kind]) => new Kind().code);
  // A resource has two JSON-RPC numbers, by MCP's era, and a blocked user two answers, by endpoint:
  // one thing each, so one code.
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([
    'blocked_user',
    'unknown_resource',
  ]);
  expect(new errors.NotFound()).toBeInstanceOf(HttpError);
  for (const code of codes) expect(code).toMatch(/^[a-z_]+$/);
});
