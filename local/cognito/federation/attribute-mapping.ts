import { attributeCharacters } from '../../../policy/identity.ts';

/** A login that the provider's claims do not allow; the message is Cognito's `error_description`. */
export class FederationFailure extends Error {
  override readonly name = 'FederationFailure';
}

/** Form-encoded where it holds more than letters, digits and `.-*_`. */
const formEncoded = (text: string): string =>
  new URLSearchParams([['', text]]).toString().slice('='.length);

const listItem = (value: unknown): string =>
  formEncoded(typeof value === 'string' ? value : JSON.stringify(value));

/**
 * A claim as the text that Cognito keeps: several values as `[one, another]`. Its example has no
 * space behind the comma, its users show one: whoever reads it must take both.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
 */
export const attributeText = (claim: unknown): string => {
  if (typeof claim === 'string') return claim;
  if (!Array.isArray(claim)) return JSON.stringify(claim);
  const [first] = claim;
  if (claim.length === 1 && typeof first === 'string') return first;
  return `[${claim.map(listItem).join(', ')}]`;
};

/**
 * The attributes of the pool that a provider's claims fill. An attribute whose claim is not there
 * is not named.
 * @throws FederationFailure for a value that the pool cannot hold
 */
export const mappedAttributes = (
  mapping: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, unknown>>,
): Record<string, string> => {
  const attributes = Object.entries(mapping).flatMap(([attribute, claim]) => {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    return value === undefined || value === null
      ? []
      : [[attribute, attributeText(value)] as const];
  });
  const tooLong = attributes.find(([, text]) => text.length > attributeCharacters);
  if (tooLong)
    throw new FederationFailure(`${tooLong[0]} exceeds the maximum length of the attribute`);
  return Object.fromEntries(attributes);
};
