import type { Access } from '../authoring/access.ts';
import type { AccessRow } from './access.ts';
import { DefinitionError } from './definition-error.ts';
import { suggestion } from './nearest-name.ts';

/** What the stack says about definitions, by their names. It goes before what stands beside them. */
export type AccessRules = Readonly<Record<string, 'everybody' | Access>>;

/**
 * The audiences under the stack's rules.
 * @throws DefinitionError for a rule that names nothing: it would protect nothing, without a word
 */
export const accessUnder = (
  rules: AccessRules,
  rows: readonly AccessRow[],
): readonly AccessRow[] => {
  const names = rows.map(({ name }) => name);
  const faults = Object.keys(rules)
    .filter((name) => !names.includes(name))
    .map((name) => `access.${name}: names no tool, prompt or resource${suggestion(name, names)}`);
  if (faults.length > 0) throw new DefinitionError(faults.join('\n'));
  return rows.map((row) => {
    const rule = Object.hasOwn(rules, row.name) ? rules[row.name] : undefined;
    if (rule === undefined) return row;
    return { ...row, audience: rule === 'everybody' ? rule : rule.groups };
  });
};

/** What destroys, and needs nothing but a login: a line each. */
export const accessWarnings = (rows: readonly AccessRow[]): readonly string[] =>
  rows
    .filter(
      ({ destructive, scopes, audience }) =>
        destructive && scopes.length === 0 && audience === 'everybody',
    )
    .map(
      ({ file, name }) =>
        `${file}: ${name} is destructive (destructiveHint), and everybody who may read may call it: give it scopes: ['gatehouse/tools.call'], or access: { groups: [ … ] }`,
    );

/** Scopes of one's own that open nothing: a consent page would ask for them all the same. */
export const unusedScopes = (
  scopes: readonly string[],
  rows: readonly AccessRow[],
): readonly string[] =>
  scopes
    .filter((scope) => !rows.some((row) => row.scopes.includes(scope)))
    .map(
      (scope) =>
        `scopes: no tool, prompt or resource needs ${scope}: name it in the scopes of one, or take it out`,
    );
