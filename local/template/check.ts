import { StartupFailure } from '../failure.ts';
import { type IgnoredResource, type KnownResource, knownResources } from './known-resources.ts';
import type { Template } from './template.ts';

const remedy =
  'It emulates what stands in its local/template/known-resources.ts, and guesses at nothing else. --without <logical id> leaves a resource out.';

const problemsOf = (
  logicalId: string,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, KnownResource | IgnoredResource>>,
): string[] => {
  const known = table[type];
  if (known === undefined)
    return [`Resource ${logicalId} has the type ${type}, which the local runtime does not know.`];
  if ('reason' in known || known.emulates.includes('*')) return [];
  return Object.keys(properties)
    .filter(
      (property) => !known.emulates.includes(property) && !Object.hasOwn(known.ignores, property),
    )
    .map(
      (property) =>
        `Resource ${logicalId} (${type}) has the property ${property}, which the local runtime does not know.`,
    );
};

/**
 * Refuses a template with anything in it that nobody emulates, naming every such thing at once.
 * @param without - logical ids that are left out on purpose
 * @param ledToBy - what led to a resource outside the Gatehouse, which would be left out otherwise
 */
export const refuseUnknown = (
  template: Template,
  without: ReadonlySet<string> = new Set(),
  ledToBy: (logicalId: string) => string | undefined = () => undefined,
): void => {
  const problems = Object.entries(template.Resources).flatMap(
    ([logicalId, { Type, Properties }]) => {
      if (without.has(logicalId)) return [];
      const because = ledToBy(logicalId);
      const reason =
        because === undefined
          ? ''
          : ` It is not the Gatehouse's own: what leads to it is ${because}.`;
      return problemsOf(logicalId, Type, Properties, knownResources).map(
        (problem) => `${problem}${reason}`,
      );
    },
  );
  if (problems.length > 0) throw new StartupFailure([...problems, remedy].join('\n'));
};
