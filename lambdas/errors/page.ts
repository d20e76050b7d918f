import { randomBytes } from 'node:crypto';
import { pageContentSecurityPolicy } from '../../policy/headers.ts';

/** Text that is safe between tags and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);

/**
 * A whole document and the policy that goes with it: nothing loads but the one style sheet that
 * carries the nonce.
 */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

// Contrast of text and links is at least 7:1 in both schemes (WCAG 2.2, 1.4.6); widths follow the
// window down to 320 px (1.4.10).
const style = `:root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1f;--quiet:#46464f;--line:#c6c6d0;--accent:#0b4fb3;--on-accent:#fff;--warn:#8a3100}
@media(prefers-color-scheme:dark){:root{--paper:#131316;--ink:#ececf1;--quiet:#c0c0ca;--line:#46464f;--accent:#a8c7ff;--on-accent:#06214d;--warn:#ffb68f}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:34rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
small{color:var(--quiet)}`;

/**
 * Lays out a page. `body` is HTML that the caller has escaped; `head` and `style` add to the head
 * and the style sheet.
 */
export const page = (content: {
  readonly title: string;
  readonly body: string;
  readonly head?: string;
  readonly style?: string;
}): Page => {
  const nonce = randomBytes(16).toString('base64');
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(content.title)}</title>
${content.head ?? ''}<style nonce="${nonce}">${style}${content.style ?? ''}</style>
</head>
<body>
<main>
<h1>${escapeHtml(content.title)}</h1>
${content.body}
</main>
</body>
</html>
`,
    contentSecurityPolicy: pageContentSecurityPolicy.replace('{nonce}', nonce),
  };
};
