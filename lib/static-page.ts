import { type PageBrand, pageColours } from '../policy/pages.ts';

export interface StaticPageProps {
  /** A variable that becomes the request's number. @default none is told */
  readonly requestId?: string;
  readonly brand?: PageBrand | undefined;
}

/**
 * A page for a person where no function responds: API Gateway or the web ACL refused. Its style
 * stands in it, which the header table's policy admits; it has no logo, which the policy would load
 * from anywhere. The texts are ours, an operator's, or variables that hold no markup.
 */
export const staticPage = (
  status: number,
  title: string,
  { requestId, brand }: StaticPageProps = {},
): string => plainPage(title, [nextStep(status), ...quoted(requestId), ...whom(brand)], brand);

/** A page of paragraphs, which are HTML. */
export const plainPage = (
  title: string,
  paragraphs: readonly string[],
  brand: PageBrand | undefined,
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style(brand?.accent)}</style>
</head>
<body>
<main>
${brand === undefined ? '' : `<p><bdi>${escaped(brand.name)}</bdi></p>\n`}<h1>${title}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
</main>
</body>
</html>
`;

const style = (accent: PageBrand['accent']): string => {
  const scheme = (name: 'light' | 'dark') => {
    const { paper, ink, accent: ours } = pageColours[name];
    return `:root{background:${paper};color:${ink}}a{color:${accent?.[name] ?? ours}}`;
  };
  return `:root{color-scheme:light dark;font:1.0625rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}main{max-width:34rem;margin:1.5rem auto;padding:0 .5rem}h1{font-size:1.5rem}${scheme('light')}@media(prefers-color-scheme:dark){${scheme('dark')}}`;
};

/** `$` too: API Gateway reads its variables in a template. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"'`$]/g, (character) => `&#${character.codePointAt(0)};`);

const nextStep = (status: number): string =>
  status === 429 || status >= 500
    ? 'Wait a moment, then go back to the app and connect again.'
    : 'Close this window, go back to the app that you came from and connect again.';

const quoted = (requestId: string | undefined): readonly string[] =>
  requestId === undefined ? [] : [`Request ${requestId}`];

const whom = (brand: PageBrand | undefined): readonly string[] => {
  if (brand?.contact === undefined) return [];
  const contact = escaped(brand.contact);
  const scheme = brand.contact.startsWith('https://') ? '' : 'mailto:';
  return [`If it happens again, ask <a href="${scheme}${contact}">${contact}</a>.`];
};
