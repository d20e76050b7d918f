import type { PageBrand } from '../../policy/pages.ts';
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

/** What a page of the login is made of. `body` and `head` are HTML that the caller has escaped. */
interface LoginPage {
  readonly title: string;
  readonly body: string;
  readonly brand: PageBrand | null;
  readonly cookies: readonly string[];
  readonly head?: string;
}

/** A page of the login, without a script. */
export const page = ({ cookies, ...content }: LoginPage): HttpResponse => {
  const { html, contentSecurityPolicy } = errors.page({ ...content, style });
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
  };
  return { statusCode: 200, headers, cookies, body: html };
};

/** Where a page goes on to, and the words of its link. */
interface Continuation extends Pick<LoginPage, 'title' | 'brand' | 'cookies'> {
  readonly url: string;
  readonly label: string;
}

/**
 * Goes on to another site after a form was posted: by refresh, as Chromium applies `form-action` to
 * a redirect that follows a POST, and by a link for whoever has refreshes switched off.
 */
export const continuePage = ({ url, label, ...content }: Continuation): HttpResponse =>
  page({
    ...content,
    body: `<p>If nothing happens, go on yourself:</p>
<p><a class="button main" href="${errors.escapeHtml(url)}">${errors.escapeHtml(label)}</a></p>`,
    head: `<meta http-equiv="refresh" content="0; url=${errors.escapeHtml(url)}">\n`,
  });

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
