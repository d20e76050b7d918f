import * as z from 'zod';
import { groupName, groupNameWords } from '../../policy/groups.ts';
import { sizes } from '../../policy/limits.ts';
import { type Machine, machineBounds } from '../../policy/machines.ts';
import { baseScope, ownScopes, scopes } from '../../policy/scopes.ts';
import { UserError } from '../user-error.ts';

const machine = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,30}$/,
      'is not 1 to 31 lower-case letters, digits and dashes, a letter first',
    ),
  scopes: z
    .array(z.string().max(128))
    .min(1, 'is empty')
    .max(Object.keys(scopes).length + ownScopes.most)
    .default([baseScope]),
  groups: z
    .array(z.string().regex(groupName(), groupNameWords))
    .max(sizes.groupsPerUser)
    .default([]),
});

/** The programs that call as themselves. */
export const machines = z
  .array(machine)
  .max(machineBounds.machines, `is over ${machineBounds.machines} machines`)
  .refine(
    (given) => new Set(given.map(({ name }) => name)).size === given.length,
    'has a name twice',
  )
  .default([]);

/**
 * The machines that are deployed.
 * @throws UserError for a scope that the deployment has not
 */
export const deployedMachines = (
  settings: z.infer<typeof machines>,
  own: readonly string[],
): readonly Machine[] => {
  const known = [...Object.keys(scopes), ...own];
  for (const { name, scopes: granted } of settings) {
    const unknown = granted.find((scope) => !known.includes(scope));
    if (unknown !== undefined)
      throw new UserError(`machines.${name}.scopes: ${unknown} is none of ${known.join(', ')}`);
  }
  return settings;
};
