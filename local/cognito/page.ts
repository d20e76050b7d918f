import { randomBytes } from 'node:crypto';
import type { LoopbackResponse } from '../loopback/request.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

const style = `
  :root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --line: #6b7482; --accent: #0b57d0; --onaccent: #fff; --bad: #b3261e; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --paper: #14181f; --line: #98a2b3; --accent: #a8c7fa; --onaccent: #062e6f; --bad: #f2b8b5; } }
  * { box-sizing: border-box; }
  body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  main { max-width: 24rem; margin: 0 auto; padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
  label { display: block; font-weight: 600; margin-top: 1rem; }
  input { width: 100%; font: inherit; padding: .6rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; }
  button { width: 100%; font: inherit; font-weight: 600; margin-top: 1.5rem; padding: .7rem; color: var(--onaccent); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
  input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  [role="alert"] { color: var(--bad); font-weight: 600; }
  small { display: block; margin-top: 2rem; }
`;

/**
 * A page of the hosted domain. No script and no source but its own style. There is no
 * `form-action`: Chromium applies it to the redirects that follow a POST as well, and a login
 * redirects to any callback URL, and from there on to whatever the app likes.
 */
export const page = (
  status: number,
  title: string,
  body: string,
  headers: LoopbackResponse['headers'] = {},
): LoopbackResponse => {
  const nonce = randomBytes(16).toString('base64');
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      ...headers,
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`,
  };
};

export const redirectTo = (
  location: string,
  cookies: readonly string[] = [],
): LoopbackResponse => ({
  status: 302,
  headers: {
    location,
    'cache-control': 'no-store',
    ...(cookies.length > 0 && { 'set-cookie': cookies }),
  },
});

/** Cognito's `/error` page: where a request ends whose client or redirect URI it does not know. */
export const errorPage = (error: string): LoopbackResponse =>
  page(400, 'An error was encountered with the requested page', `<p>${escapeHtml(error)}</p>`);
