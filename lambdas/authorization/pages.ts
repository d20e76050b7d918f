import * as errors from '../errors/page.ts';
import type { HttpResponse } from '../middleware/secured.ts';

// Targets are at least 44 px high (WCAG 2.2, 2.5.5); buttons go below each other where 320 px do
// not hold both.
const style = `
h2{margin:1.25rem 0 .25rem;font-size:1.0625rem}
.own-words{margin:0 0 1rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem}
.own-words figcaption{color:var(--quiet)}
.own-words blockquote{margin:.25rem 0 0;font-weight:600}
ul{margin:0 0 1rem;padding-left:1.25rem}
.warning{padding:.75rem 1rem;border:2px solid var(--warn);border-radius:.5rem}
.warning strong{color:var(--warn)}
.choice{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button,.button{flex:1 1 9rem;display:inline-block;min-height:2.75rem;padding:.6rem 1.25rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;border:2px solid var(--accent);border-radius:.5rem;cursor:pointer;background:var(--paper);color:var(--accent)}
.main{background:var(--accent);color:var(--on-accent)}`;

/**
 * A page of the login, without a script. `body` and `head` are HTML that the caller has escaped.
 */
export const page = (
  title: string,
  body: string,
  cookies: readonly string[],
  head = '',
): HttpResponse => {
  const { html, contentSecurityPolicy } = errors.page({ title, body, head, style });
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
  };
  return { statusCode: 200, headers, cookies, body: html };
};

/**
 * Goes on to another site after a form was posted: by refresh, as Chromium applies `form-action` to
 * a redirect that follows a POST, and by a link for whoever has refreshes switched off.
 */
export const continuePage = (
  title: string,
  url: string,
  label: string,
  cookies: readonly string[],
): HttpResponse =>
  page(
    title,
    `<p>If nothing happens, go on yourself:</p>
<p><a class="button main" href="${errors.escapeHtml(url)}">${errors.escapeHtml(label)}</a></p>`,
    cookies,
    `<meta http-equiv="refresh" content="0; url=${errors.escapeHtml(url)}">\n`,
  );

/** A URL with parameters added; what is undefined is left out. */
export const withParameters = (
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
};

export const redirectTo = (
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
  cookies: readonly string[] = [],
): HttpResponse => ({
  statusCode: 302,
  headers: { location: withParameters(uri, parameters) },
  cookies,
  body: '',
});
