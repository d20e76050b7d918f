/**
 * What Cognito holds people to. Lengths in characters, times in the unit that the name ends with.
 */
export const passwordPolicy = { minimumLength: 12, temporaryPasswordDays: 3, history: 5 } as const;

export const loginSettings = {
  /** How long a person may take between two steps of a login (Cognito allows 3 to 15). */
  authSessionMinutes: 5,
  /** Cognito's least; nobody uses our ID tokens. */
  idTokenMinutes: 5,
  /**
   * OAUTH-13: how long a refresh token that was rotated still works, for the other processes that
   * share it and for a client whose response got lost. Cognito's most, and ours.
   */
  refreshRotationGraceSeconds: 60,
} as const;

/** Whether people have a second factor: an authenticator app, never SMS. */
export const mfaChoices = ['off', 'optional', 'required'] as const;

/** Mail domains that one setting lists at most: they stand in a function's environment. */
export const mailDomains = 50;

/** AWS's quota: managed-login branding styles a user pool, and each app client needs one. */
export const brandingStylesPerPool = 20;

/**
 * The pool's attribute for the groups that a company's provider names. A list arrives as the text
 * `[a, b]`. Every pool has it from the start: an attribute cannot be removed, changed or made
 * required later, so one that comes and goes with a setting would fail an update.
 */
export const groupsAttribute = 'custom:groups';

/** Characters of an attribute's value: what Cognito holds at most. */
export const attributeCharacters = 2048;

/**
 * What the address and the name may be in an access token, where a company's provider decides what
 * they are: the trigger leaves out what the verifier would refuse a whole token for.
 */
export const personShapes = {
  email: () => /^[^\p{C}\s@]{1,64}@[^\p{C}\s@]{1,255}$/u,
  name: () => /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u,
} as const;

/** Attributes of the pool that a provider's claims may be mapped to. */
export const providerAttributes = [
  'email',
  'email_verified',
  'family_name',
  'given_name',
  'name',
  'nickname',
  'preferred_username',
] as const;

/** Which claims become which attributes, unless a provider says otherwise. OpenID Connect Core section 5.1. */
export const oidcAttributes = {
  email: 'email',
  email_verified: 'email_verified',
  name: 'name',
} as const;

/** SAML providers of companies use these names: Entra ID by itself, others where they are told to. */
export const samlAttributes = {
  email: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
} as const;

/** Names that mean something to Cognito. */
export const reservedProviderNames = [
  'COGNITO',
  'Facebook',
  'Google',
  'LoginWithAmazon',
  'SignInWithApple',
] as const;

/** Quotas of AWS, and ours of providers: identifiers are a provider's, attributes a pool's. */
export const providerQuotas = {
  providers: 20,
  identifiers: 50,
  identifierCharacters: 40,
  customAttributes: 50,
} as const;

/**
 * Begins the name of the log group that Cognito exports logins to, where threat protection is on.
 * AWS asks for /aws/vendedlogs, or its resource policy of the account grows with each group.
 */
export const loginLogPrefix = '/aws/vendedlogs/cognito/gatehouse-';
