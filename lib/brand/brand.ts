import * as z from 'zod';
import { brandBounds, type PageBrand } from '../../policy/pages.ts';
import { accentOf, faultOfAccent } from './accent.ts';
import { dataUrl, readLogo } from './logo.ts';

/** Text that a person reads in one line: no control or direction characters, none of markup. */
const oneLine = z
  .string()
  .min(1, 'is empty')
  .max(brandBounds.nameCharacters, `is over ${brandBounds.nameCharacters} characters`)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}<>]*$/u, 'has a control character or one of < and >')
  .regex(/^(?!\s)(?!.*\s$)/, 'begins or ends with a space');

/** Only characters that mean nothing in HTML, in a gateway response or in a header. */
const webAddress = z
  .string()
  .max(brandBounds.urlCharacters)
  .regex(
    /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w.~%/-]*)?(\?[\w.~%/=-]*)?$/,
    'is not an https URL of letters, digits and - . _ ~ % /',
  );

const contact = z.union(
  [z.email().max(brandBounds.contactCharacters), webAddress],
  'is neither a mail address nor an https URL of letters, digits and - . _ ~ % / ? =',
);

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour like #0b4fb3');

const readable = (scheme: 'light' | 'dark') =>
  colour.pipe(
    z.string().superRefine((value, context) => {
      const fault = faultOfAccent(value, scheme);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    }),
  );

const logo = z.string().superRefine((path, context) => {
  const read = readLogo(path);
  if (typeof read === 'string') context.addIssue({ code: 'custom', message: `${path} ${read}` });
});

/** `brand` of the configuration. */
export const brandSetting = z.strictObject({
  name: oneLine,
  logo: logo.optional(),
  contact: contact.optional(),
  privacyUrl: webAddress.optional(),
  accent: z
    .union(
      [readable('light'), z.strictObject({ light: readable('light'), dark: readable('dark') })],
      'is not a colour like #0b4fb3, nor { light, dark } with one for each',
    )
    .optional(),
});

export type BrandSetting = z.infer<typeof brandSetting>;

/** What the functions are told of a brand that was checked. */
export const pageBrand = ({ logo: path, accent, ...words }: BrandSetting): PageBrand => {
  const read = path === undefined ? undefined : readLogo(path);
  return {
    ...words,
    ...(accent !== undefined && { accent: accentOf(accent) }),
    ...(typeof read === 'object' && { logo: dataUrl(read) }),
  };
};
