import { StartupFailure } from '../failure.ts';
import { type IgnoredResource, type KnownResource, knownResources } from './known-resources.ts';
import type { Template } from './template.ts';

const remedy = 'Play it in local/ or say in local/template/known-resources.ts why the laptop can leave it out.';

const problemsOf = (
  logicalId: string,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, KnownResource | IgnoredResource>>,
): string[] => {
  const known = table[type];
  if (known === undefined) return [`Resource ${logicalId} has the type ${type}, which the laptop runtime does not know.`];
  if ('reason' in known || known.plays.includes('*')) return [];
  return Object.keys(properties)
    .filter((property) => !known.plays.includes(property) && !Object.hasOwn(known.ignores, property))
    .map((property) => `Resource ${logicalId} (${type}) has the property ${property}, which the laptop runtime does not know.`);
};

/** Refuses a template with anything in it that nobody plays, naming every such thing at once. */
export const refuseUnknown = (template: Template, table = knownResources): void => {
  const problems = Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) =>
    problemsOf(logicalId, Type, Properties, table),
  );
  if (problems.length > 0) throw new StartupFailure([...problems, remedy].join('\n'));
};
