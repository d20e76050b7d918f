import type { PageBrand } from '../policy/pages.ts';

export interface StaticPageProps {
  /** A variable that becomes the request's number. @default none is told */
  readonly requestId?: string;
  readonly brand?: PageBrand | undefined;
}

/**
 * A page for a person where no function responds: API Gateway or the web ACL refused. It has no
 * style sheet, so that the header table's policy holds for it as it is. The texts are ours, an
 * operator's, or variables that hold no markup.
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
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body>
<main>
${brand === undefined ? '' : `<p>${escaped(brand.name)}</p>\n`}<h1>${title}</h1>
${paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
</main>
</body>
</html>
`;

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
