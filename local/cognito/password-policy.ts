import * as z from 'zod';

const boolean = z.union([z.boolean(), z.stringbool()]);
const number = z.coerce.number().int();

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cognito-userpool-passwordpolicy.html */
export const passwordPolicy = z.strictObject({
  MinimumLength: number.default(8),
  RequireLowercase: boolean.default(false),
  RequireNumbers: boolean.default(false),
  RequireSymbols: boolean.default(false),
  RequireUppercase: boolean.default(false),
  TemporaryPasswordValidityDays: number.default(7),
  /** Not emulated: earlier passwords are not kept. */
  PasswordHistorySize: number.optional(),
});

export type PasswordPolicy = z.infer<typeof passwordPolicy>;

/** Cognito's own, where the pool has none. */
export const defaultPasswordPolicy: PasswordPolicy = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  RequireUppercase: true,
  TemporaryPasswordValidityDays: 7,
};

/** "Amazon Cognito accepts these as symbols", and a space between other characters. */
const symbol = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|(?<=\S) (?=\S)/;
/** Longer ones are refused by the service. */
const mostCharacters = 256;

/** What a password lacks, in Cognito's words; undefined when it may be taken. */
export const passwordFault = (password: string, policy: PasswordPolicy): string | undefined => {
  if (password.length > mostCharacters) return 'Password too long';
  if (password.length < policy.MinimumLength) return 'Password not long enough';
  if (policy.RequireLowercase && !/[a-z]/.test(password))
    return 'Password must have lowercase characters';
  if (policy.RequireUppercase && !/[A-Z]/.test(password))
    return 'Password must have uppercase characters';
  if (policy.RequireNumbers && !/\d/.test(password)) return 'Password must have numeric characters';
  if (policy.RequireSymbols && !symbol.test(password))
    return 'Password must have symbol characters';
  return undefined;
};
