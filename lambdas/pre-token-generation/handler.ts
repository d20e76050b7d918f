import * as z from 'zod/mini';
import { groupsAttribute, personShapes } from '../../policy/identity.ts';
import { sizes } from '../../policy/limits.ts';
import { groupsOf } from './groups.ts';

const names = z.nullish(z.array(z.string()));

/**
 * The pre-token-generation trigger, version 2.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
const tokenRequest = z.object({
  request: z.object({
    userAttributes: z.object({
      email: z.optional(z.string()),
      email_verified: z.optional(z.string()),
      name: z.optional(z.string()),
      given_name: z.optional(z.string()),
      family_name: z.optional(z.string()),
      /** What Cognito itself writes of whom a provider sends. */
      identities: z.optional(z.string()),
      [groupsAttribute]: z.optional(z.string()),
    }),
    groupConfiguration: z.nullish(
      z.object({
        groupsToOverride: names,
        iamRolesToOverride: names,
        preferredRole: z.nullish(z.string()),
      }),
    ),
    scopes: z.array(z.string()),
  }),
});

type TokenRequest = z.infer<typeof tokenRequest>['request'];

/**
 * Puts into the access token what Cognito does not (AUTH-10):
 *
 * - `email` and `name` when the scope `email` was granted. The function `authorization` requests that scope
 *   where the client profile grants the address, and the app client of any other profile does not
 *   have it. (The app client's id cannot decide: the pool needs the trigger and the app clients need
 *   the pool, so naming them here would be a circular reference.) An address that was not verified is
 *   not a fact about its user and stays out.
 * - the groups that a company's provider names, beside those of the pool (AUTH-12): only of whom a
 *   provider has sent, since nobody else's attribute was written by one.
 *
 * Whatever this cannot read passes through unchanged: a login must not fail for want of an address.
 */
export const handler = async (event: unknown): Promise<unknown> => {
  const { data } = tokenRequest.safeParse(event);
  if (typeof event !== 'object' || event === null || data === undefined) return event;
  const person = personOf(data.request);
  const groups = allGroups(data.request);
  if (person === undefined && groups === undefined) return event;
  const { groupConfiguration: given } = data.request;
  return {
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        ...(person !== undefined && {
          accessTokenGeneration: { claimsToAddOrOverride: person },
        }),
        // A response that leaves this out takes the pool's groups away.
        groupOverrideDetails: {
          groupsToOverride: groups ?? given?.groupsToOverride ?? [],
          iamRolesToOverride: given?.iamRolesToOverride ?? [],
          preferredRole: given?.preferredRole ?? null,
        },
      },
    },
  };
};

type Person = Readonly<Partial<Record<'email' | 'name', string>>>;

const personOf = ({ userAttributes, scopes }: TokenRequest): Person | undefined => {
  if (!scopes.includes('email')) return undefined;
  const { email = '', email_verified: verified } = userAttributes;
  const name = nameOf(userAttributes);
  const person = {
    ...(verified === 'true' && personShapes.email().test(email) && { email }),
    ...(personShapes.name().test(name) && { name }),
  };
  return Object.keys(person).length === 0 ? undefined : person;
};

const nameOf = ({ name, given_name, family_name }: TokenRequest['userAttributes']): string =>
  (name ?? `${given_name ?? ''} ${family_name ?? ''}`).trim();

/** Of the pool and of the provider; undefined where the provider names none that can be read. */
const allGroups = (request: TokenRequest): readonly string[] | undefined => {
  const { identities, [groupsAttribute]: text = '[]' } = request.userAttributes;
  const named = identities === undefined ? [] : groupsOf(text);
  if (named.length === 0) return undefined;
  const all = new Set([...(request.groupConfiguration?.groupsToOverride ?? []), ...named]);
  // A token with more would be refused whole.
  return all.size <= sizes.groupsPerUser ? [...all] : undefined;
};
