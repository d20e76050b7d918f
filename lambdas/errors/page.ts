import { randomBytes } from 'node:crypto';
import { pageContentSecurityPolicy, pageLogoPolicy } from '../../policy/headers.ts';
import { type PageBrand, pageColours } from '../../policy/pages.ts';

/** Text that is safe between tags and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);

/**
 * A whole document and the policy that goes with it: nothing loads but the one style sheet that
 * carries the nonce, and a logo that stands in the page itself.
 */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const { light, dark } = pageColours;

// Widths follow the window down to 320 px (WCAG 2.2, 1.4.10).
const style = `*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main,.brand,.about{max-width:34rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
small,.about{color:var(--quiet)}
.brand{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem;margin-bottom:1.5rem;font-weight:600}
.brand img{max-width:10rem;max-height:3rem;flex:none}
.brand span{flex:1 1 10rem}
.about{margin-top:2rem;font-size:.875rem}`;

/**
 * The colours of both schemes. An accent of the brand's own reads well on either paper, as the
 * synthesis made sure, and so does the paper's colour on it.
 */
const colours = (accent: PageBrand['accent']): string => {
  const scheme = (colour: typeof light | typeof dark, own: string | undefined) =>
    `:root{--paper:${colour.paper};--ink:${colour.ink};--quiet:${colour.quiet};--line:${colour.line};--warn:${colour.warn};--accent:${own ?? colour.accent};--on-accent:${own === undefined ? colour.onAccent : colour.paper}}`;
  return `:root{color-scheme:light dark}${scheme(light, accent?.light)}@media(prefers-color-scheme:dark){${scheme(dark, accent?.dark)}}\n`;
};

/** A link to whom a brand says to ask. */
export const contactLink = (contact: string): string => {
  const shown = escapeHtml(contact);
  const href = contact.startsWith('https://') ? shown : `mailto:${shown}`;
  return `<a href="${href}">${shown}</a>`;
};

const header = ({ name, logo }: PageBrand): string =>
  `<header class="brand">${logo === undefined ? '' : `<img src="${logo}" alt="">`}<span><bdi>${escapeHtml(name)}</bdi></span></header>\n`;

const footer = ({ contact, privacyUrl }: PageBrand): string => {
  const parts = [
    ...(contact === undefined ? [] : [`Questions: ${contactLink(contact)}`]),
    ...(privacyUrl === undefined ? [] : [`<a href="${escapeHtml(privacyUrl)}">Privacy</a>`]),
  ];
  return parts.length === 0 ? '' : `<footer class="about">${parts.join(' · ')}</footer>\n`;
};

/**
 * Lays out a page. `body` is HTML that the caller has escaped; `head` and `style` add to the head
 * and the style sheet.
 */
export const page = (content: {
  readonly title: string;
  readonly body: string;
  readonly brand: PageBrand | null;
  readonly head?: string;
  readonly style?: string;
}): Page => {
  const { brand } = content;
  const nonce = randomBytes(16).toString('base64');
  const policy = pageContentSecurityPolicy.replace('{nonce}', nonce);
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(content.title)}</title>
${content.head ?? ''}<style nonce="${nonce}">${colours(brand?.accent)}${style}${content.style ?? ''}</style>
</head>
<body>
${brand === null ? '' : header(brand)}<main>
<h1>${escapeHtml(content.title)}</h1>
${content.body}
</main>
${brand === null ? '' : footer(brand)}</body>
</html>
`,
    contentSecurityPolicy: brand?.logo === undefined ? policy : `${policy}; ${pageLogoPolicy}`,
  };
};
