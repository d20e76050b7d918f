import type { ErrorDetails } from '../../errors/errors.ts';
import { userHash } from '../../logging/user-hash.ts';
import { type AccessTable, audienceOf, mayUse } from '../manifest/access.ts';
import type { HttpContext } from './request-context.ts';

/**
 * AUTH-12: whether the caller may use what is named so in a list. What the table does not have is
 * nobody's.
 */
export const isPermitted = (
  list: keyof AccessTable,
  key: string,
  { registry, caller }: Pick<HttpContext, 'registry' | 'caller'>,
): boolean => mayUse(audienceOf(registry.access, list, key), caller.groups);

/** The groups of the caller that decide about anything, as one text: most servers tell none apart. */
export const decidingGroupsOf = ({
  registry: { decidingGroups },
  caller: { groups = [] },
}: Pick<HttpContext, 'registry' | 'caller'>): string =>
  decidingGroups.size === 0 || groups.length === 0
    ? '[]'
    : JSON.stringify(groups.filter((group) => decidingGroups.has(group)).sort());

/**
 * What the error adds that says a definition is not there. It is the same error whether there is
 * none or it is not for this caller: only the log tells the two apart.
 */
export const absence = (
  hidden: { readonly name: string } | undefined,
  { caller }: Pick<HttpContext, 'caller'>,
): ErrorDetails => {
  if (hidden === undefined) return {};
  return {
    event: 'AccessRefused',
    about: {
      tool: hidden.name,
      user: userHash(caller.sub),
      profile: caller.profile,
      clientId: caller.clientId,
    },
  };
};
