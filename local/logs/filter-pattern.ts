import { StartupFailure } from '../failure.ts';
import { matchesWildcard } from '../iam/wildcard.ts';

/** Whether a line of a log group is one that a subscription takes. */
export type LineFilter = (line: string) => boolean;

const equality = /^\$\.(\w+)\s*=\s*"([^"]*)"$/;

/**
 * A filter pattern for JSON, as far as it is needed: texts compared by `=`, joined by `||`, with
 * `*` in them. No pattern takes every line.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws StartupFailure for any other pattern
 */
export const lineFilter = (pattern: string, place: string): LineFilter => {
  if (pattern.trim() === '') return () => true;
  const inside = /^\{(.*)\}$/s.exec(pattern.trim())?.[1] ?? '';
  const conditions = inside.split('||').map((condition) => {
    const [, field, wanted] = equality.exec(condition.trim()) ?? [];
    if (field === undefined || wanted === undefined)
      throw new StartupFailure(`${place} is ${pattern}, which is not emulated.`);
    return { field, wanted };
  });
  return (line) => {
    const members = membersOf(line);
    return conditions.some(({ field, wanted }) => {
      const value = members.get(field);
      return typeof value === 'string' && matchesWildcard(wanted, value);
    });
  };
};

const membersOf = (line: string): ReadonlyMap<string, unknown> => {
  // Most lines are none that a pattern is after, and parsing each would cost the runtime.
  if (!line.startsWith('{')) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(line)));
  } catch {
    return new Map();
  }
};
