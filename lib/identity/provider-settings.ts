import * as z from 'zod';
import {
  oidcAttributes,
  providerAttributes,
  providerQuotas,
  reservedProviderNames,
  samlAttributes,
} from '../../policy/identity.ts';
import { hostName, shaped } from '../configuration-shapes.ts';

const providerName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9-]{2,31}$/,
    'is not 3 to 32 letters, digits and dashes, a letter first',
  )
  .refine(
    (value) => !reservedProviderNames.some((each) => each.toLowerCase() === value.toLowerCase()),
    `is one of Cognito's own: ${reservedProviderNames.join(', ')}`,
  );

/** Without a slash at the end: Cognito refuses one. */
const issuer = shaped(
  /^https:\/\/[a-z0-9.-]+(?::443)?(?:\/[\w.~-]+)*$/,
  'is not an https URL without a slash at its end, like https://example.okta.com',
);

/**
 * Never the secret itself: what is written here stands in the template. Names of ours have a
 * slash, which no secret of Okta, Entra ID or Google has, and neither + nor =, as base64 has, so that
 * one pasted by mistake is refused. A secret of another name is given by its ARN.
 */
const secretName = shaped(
  /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}|(?=.{3,512}$)[\w.@-]+(?:\/[\w.@-]+)+)$/,
  'is not the name of a secret in Secrets Manager with a slash in it, like gatehouse/okta, or its ARN',
);

export interface SecretSetting {
  readonly name: string;
  readonly key?: string | undefined;
}

const secret = z.union(
  [
    secretName.transform((name): SecretSetting => ({ name })),
    z.strictObject({
      name: secretName,
      /** Where the secret holds JSON. */
      key: z
        .string()
        .regex(/^[\w.-]{1,64}$/, 'is no key')
        .optional(),
    }),
  ],
  'is not the name of a secret in Secrets Manager with a slash in it, like gatehouse/okta, its ARN, or { name, key }',
);

/** A claim, or a SAML attribute, whose names are URLs at times. */
const claim = z.string().regex(/^[\x21-\x7e]{1,256}$/, 'is not the name of a claim');

const attributes = z.partialRecord(
  z.enum(providerAttributes, `is none of ${providerAttributes.join(', ')}`),
  claim,
);

const shared = {
  name: providerName,
  /** The claim that names the groups. @default no groups come from the provider */
  groups: claim.optional(),
  /** Mail domains whose people go straight to it. */
  domains: z
    .array(
      hostName.max(
        providerQuotas.identifierCharacters,
        `is over ${providerQuotas.identifierCharacters} characters`,
      ),
    )
    .max(providerQuotas.identifiers, `is over ${providerQuotas.identifiers} domains`)
    .default([]),
};

const oidc = z.strictObject({
  type: z.literal('oidc'),
  ...shared,
  issuer,
  clientId: shaped(/^[\x21-\x7e]{1,256}$/, 'is no client id'),
  secret,
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'is no scope'))
    .max(20)
    .refine((scopes) => scopes.includes('openid'), 'has no "openid"')
    .default(['openid', 'email', 'profile']),
  attributes: attributes.default({ ...oidcAttributes }),
});

const saml = z.strictObject({
  type: z.literal('saml'),
  ...shared,
  metadataUrl: shaped(/^https:\/\/[\x21-\x7e]{1,2000}$/, 'is not an https URL'),
  attributes: attributes.default({ ...samlAttributes }),
});

const mapsEmail = ({ attributes: { email } }: { readonly attributes: { email?: string } }) =>
  email !== undefined;

const repeated = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) < index);

/** The company's own providers. */
export const providers = z
  .array(
    z
      .discriminatedUnion('type', [oidc, saml], 'has a type other than oidc and saml')
      .refine(mapsEmail, {
        path: ['attributes'],
        message: 'maps no "email", which every user of the pool has',
      }),
  )
  .max(providerQuotas.providers, `is over ${providerQuotas.providers} providers`)
  .superRefine((given, context) => {
    const name = repeated(given.map((each) => each.name.toLowerCase()));
    if (name !== undefined)
      context.addIssue({ code: 'custom', message: `has the name ${name} twice` });
    const domain = repeated(given.flatMap(({ domains }) => domains));
    if (domain !== undefined)
      context.addIssue({
        code: 'custom',
        message: `has the domain ${domain} twice: its people can go straight to one provider only`,
      });
  })
  .default([]);

export type ProviderSetting = z.infer<typeof providers>[number];
