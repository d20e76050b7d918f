import type { CfnManagedLoginBrandingProps } from 'aws-cdk-lib/aws-cognito';
import { managedLoginPapers } from '../../policy/pages.ts';
import { type Accent, accentOf } from './accent.ts';
import type { BrandSetting } from './brand.ts';
import { mixed } from './contrast.ts';
import { readLogo } from './logo.ts';

type Style = Pick<CfnManagedLoginBrandingProps, 'useCognitoProvidedValues' | 'settings' | 'assets'>;

/** What lies under the mouse is farther from the paper, so its contrast only grows. */
const hovered = { light: ['#000000', 0.25], dark: ['#ffffff', 0.35] } as const;

/** Managed login writes a colour as `rrggbbaa`. */
const opaque = (colour: string): string => `${colour.slice(1).toLowerCase()}ff`;

/**
 * The style of Cognito's managed login: links, buttons and focus in the accent, and the logo above
 * the form. What is not named keeps Cognito's own value.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateManagedLoginBranding.html
 */
export const managedLoginStyle = (brand: BrandSetting | undefined): Style => {
  const accent = brand?.accent;
  const logo = brand?.logo === undefined ? undefined : readLogo(brand.logo);
  if (accent === undefined && typeof logo !== 'object') return { useCognitoProvidedValues: true };
  return {
    useCognitoProvidedValues: false,
    settings: {
      categories: { global: { colorSchemeMode: 'DYNAMIC' } },
      ...(accent !== undefined && { componentClasses: classesOf(accentOf(accent)) }),
      components: {
        ...(accent !== undefined && buttonsOf(accentOf(accent))),
        ...(typeof logo === 'object' && {
          form: {
            logo: { enabled: true, formInclusion: 'IN', location: 'CENTER', position: 'TOP' },
          },
        }),
      },
    },
    ...(typeof logo === 'object' && {
      assets: [
        {
          category: 'FORM_LOGO',
          colorMode: 'DYNAMIC',
          extension: logo.extension,
          bytes: logo.base64,
        },
      ],
    }),
  };
};

const eachMode = (accent: Accent, of: (colour: string, hover: string, paper: string) => object) => {
  const mode = (scheme: keyof Accent) => {
    const [ink, share] = hovered[scheme];
    const hover = mixed(accent[scheme], ink, share);
    return of(opaque(accent[scheme]), opaque(hover), opaque(managedLoginPapers[scheme]));
  };
  return { lightMode: mode('light'), darkMode: mode('dark') };
};

const classesOf = (accent: Accent) => ({
  focusState: eachMode(accent, (borderColor) => ({ borderColor })),
  link: eachMode(accent, (textColor, hover) => ({
    defaults: { textColor },
    hover: { textColor: hover },
  })),
  optionControls: eachMode(accent, (backgroundColor, _, foregroundColor) => ({
    selected: { backgroundColor, foregroundColor },
  })),
});

const buttonsOf = (accent: Accent) => ({
  primaryButton: eachMode(accent, (backgroundColor, hover, textColor) => ({
    defaults: { backgroundColor, textColor },
    hover: { backgroundColor: hover, textColor },
    active: { backgroundColor: hover, textColor },
  })),
  secondaryButton: eachMode(accent, (colour, hover, backgroundColor) => ({
    defaults: { backgroundColor, borderColor: colour, textColor: colour },
    hover: { backgroundColor, borderColor: hover, textColor: hover },
    active: { backgroundColor, borderColor: hover, textColor: hover },
  })),
});
