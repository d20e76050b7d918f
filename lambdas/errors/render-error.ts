import type { PageBrand } from '../../policy/pages.ts';
import type { HttpError } from './errors.ts';
import { contactLink, escapeHtml, page } from './page.ts';

// Not by `import`: see lambdas/http/node-http.ts. Lambda's runtime has loaded it already, unlike
// https.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** How an error is written (ERR-2), as `policy/endpoints` says for each path. */
export type ErrorShape = 'jsonrpc' | 'oauth' | 'page' | 'problem';

export interface RenderedError {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Body = Pick<RenderedError, 'body'> & { readonly headers: Readonly<Record<string, string>> };

/**
 * JSON-RPC 2.0 section 5.1. `data` says what the stable code is and which log lines to look for.
 */
const jsonRpc = (error: HttpError, requestId: string): Body => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: error.rpcId,
    error: {
      code: error.jsonRpc,
      message: error.message,
      data: {
        ...error.data,
        code: error.code,
        ...(error.fix && { fix: error.fix }),
        requestId,
      },
    },
  }),
});

/**
 * RFC 6749 section 5.2. `request_id` is an extension member, which clients must ignore (section
 * 5.1).
 */
const oauth = (error: HttpError, requestId: string): Body => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: error.oauth,
    // Section 5.2 allows %x20-21, %x23-5B and %x5D-7E only.
    error_description: sentence(error).replace(/[^ !#-[\]-~]/g, ''),
    request_id: requestId,
  }),
});

/**
 * RFC 9457. With `about:blank` the title is the status's own phrase; the stable code and `data` are
 * extension members.
 */
const problem = (error: HttpError, requestId: string): Body => ({
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({
    ...error.data,
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: sentence(error),
    code: error.code,
    requestId,
  }),
});

/** For a person: what happened, what to do next, and the number to quote. */
const errorPage = (error: HttpError, requestId: string, brand: PageBrand | null): Body => {
  const whom =
    brand?.contact === undefined ? 'the people who run this service' : contactLink(brand.contact);
  const { html, contentSecurityPolicy } = page({
    title: error.message.replace(/\.$/, ''),
    body: `<p>${escapeHtml(error.fix ?? nextStep(error.status))}</p>
<p><small>If it happens again, tell ${whom}: request <code>${escapeHtml(requestId)}</code>, error <code>${escapeHtml(error.code)}</code>.</small></p>`,
    brand,
  });
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
    },
    body: html,
  };
};

const nextStep = (status: number): string => {
  const wait = 'Wait a moment, then go back to the app and connect again.';
  if (status === 429) return wait;
  if (status >= 500) return `Nothing is wrong on your side. ${wait}`;
  return 'Close this window, go back to the app that you came from and connect again.';
};

const sentence = (error: HttpError): string =>
  error.fix ? `${error.message} ${error.fix}` : error.message;

const shapes = { jsonrpc: jsonRpc, oauth, page: errorPage, problem } as const satisfies Record<
  ErrorShape,
  (error: HttpError, requestId: string, brand: PageBrand | null) => Body
>;

/**
 * Writes an error in the shape of its endpoint, with the request id (ERR-2) and `Retry-After`
 * (RATE-9).
 * @param brand whose page it is, where it is one; nobody's unless given
 */
export const renderError = (
  error: HttpError,
  shape: ErrorShape,
  requestId: string,
  brand: PageBrand | null = null,
): RenderedError => {
  const { headers, body } = shapes[shape](error, requestId, brand);
  return {
    statusCode: error.status,
    headers: {
      ...headers,
      ...error.headers,
      ...(error.retryAfterSeconds !== undefined && {
        'retry-after': String(error.retryAfterSeconds),
      }),
    },
    body,
  };
};
