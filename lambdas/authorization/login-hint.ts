/** What a `login_hint` has to be to be passed on: an address, which is how people log in here. */
const address = /^[^\s@"<>]{1,64}@[A-Za-z0-9.-]{1,253}$/;

/**
 * The address that a client says the person has (OpenID Connect Core section 3.1.2.1). Nothing is
 * decided by it but which login page opens: anything else is left out.
 */
export const loginHintOf = (given: string | undefined): string | undefined =>
  given !== undefined && address.test(given) ? given : undefined;

/**
 * Where Cognito sends the person: straight to their company's provider, which has the mail domain
 * for an identifier, or to its own login page.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export const loginParameters = (
  loginHint: string | undefined,
  domains: readonly string[],
): Readonly<Record<'login_hint' | 'idp_identifier', string | undefined>> => {
  const domain = loginHint?.slice(loginHint.indexOf('@') + 1).toLowerCase();
  return {
    login_hint: loginHint,
    idp_identifier: domains.find((each) => each === domain),
  };
};
