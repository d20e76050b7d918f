import * as z from 'zod/mini';
import { groupsAttribute } from '../../policy/identity.ts';

/**
 * The pre-sign-up trigger's event.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
 */
const signUpRequest = z.object({
  triggerSource: z.enum([
    'PreSignUp_SignUp',
    'PreSignUp_AdminCreateUser',
    'PreSignUp_ExternalProvider',
  ]),
  request: z.object({ userAttributes: z.record(z.string(), z.string()) }),
});

/** One mailbox at one domain: no quoted name, comment or second @ that could hide another one. */
const address = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([a-z0-9.-]{1,253})$/i;

/** Cognito shows the message to the person: "PreSignUp failed with error …". */
class SignUpRefused extends Error {
  override readonly name = 'SignUpRefused';
}

/**
 * Lets people sign up whose address is of a listed mail domain; Cognito then sends a code to it,
 * and nobody is confirmed without. Whom an administrator makes or a provider sends was decided
 * there. Anything that this cannot read is refused.
 * @throws SignUpRefused
 */
export const preSignUp =
  (domains: readonly string[]) =>
  async (event: unknown): Promise<unknown> => {
    const { data } = signUpRequest.safeParse(event);
    if (!data) throw new SignUpRefused('this sign-up cannot be read.');
    if (data.triggerSource !== 'PreSignUp_SignUp') return event;
    const { userAttributes } = data.request;
    // Only a provider names groups: nobody gives themselves one.
    if (userAttributes[groupsAttribute] !== undefined)
      throw new SignUpRefused('groups cannot be chosen.');
    const domain = address.exec(userAttributes['email'] ?? '')?.[1]?.toLowerCase();
    if (domain === undefined || !domains.includes(domain))
      throw new SignUpRefused('this address may not sign up. Ask for an invitation.');
    return event;
  };
