/** What an owner who gives no name is called. */
export const productName = 'Gatehouse';

/** Colours of the pages (consent, errors), as `#rrggbb`. Text on paper has a contrast of 7 and more. */
export const pageColours = {
  light: {
    paper: '#ffffff',
    ink: '#1b1b1f',
    quiet: '#46464f',
    line: '#c6c6d0',
    warn: '#8a3100',
    accent: '#0b4fb3',
    onAccent: '#ffffff',
  },
  dark: {
    paper: '#131316',
    ink: '#ececf1',
    quiet: '#c0c0ca',
    line: '#46464f',
    warn: '#ffb68f',
    accent: '#a8c7ff',
    onAccent: '#06214d',
  },
} as const;

/**
 * What Cognito's managed login puts behind links and beside buttons, by its default style (the
 * example of `UpdateManagedLoginBranding` in the AWS CLI reference).
 */
export const managedLoginPapers = { light: '#ffffff', dark: '#0f1b2a' } as const;

/** What a brand may be made of. */
export const brandBounds = {
  nameCharacters: 60,
  contactCharacters: 254,
  urlCharacters: 500,
  /** Each app client's style of managed login carries the logo, and a template has 1 MB for all. */
  logoBytes: 16 * 1024,
  /** Of a side of a PNG: a small file may claim a picture that fills the memory. */
  logoPixels: 1024,
  /** Of an SVG. */
  logoTags: 200,
  /** WCAG 2.2, 1.4.3, for text of any size. */
  contrast: 4.5,
} as const;

/** What the pages say of whom they belong to, as the functions read it. */
export interface PageBrand {
  readonly name: string;
  /** A mail address or an https URL: whom to ask. */
  readonly contact?: string | undefined;
  readonly privacyUrl?: string | undefined;
  /** A `data:` URL. */
  readonly logo?: string | undefined;
  readonly accent?: { readonly light: string; readonly dark: string } | undefined;
}
