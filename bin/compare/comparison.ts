import { type Breach, breaches } from '../../lib/breaking/compare.ts';
import { narrowed } from '../../lib/breaking/narrowed.ts';
import { type Published, publishedIn } from '../../lib/breaking/published.ts';
import { UserError } from '../../lib/user-error.ts';
import type { Outcome } from '../terminal/outcome.ts';

/** What a deployment would break of what stands. */
export interface Comparison {
  readonly path: string;
  readonly breaches: readonly Breach[];
  /** Those that the configuration does not allow. */
  readonly refused: readonly Breach[];
  /** What fewer may do: somebody decided so, and nothing is refused for it. */
  readonly narrowed: readonly string[];
}

/**
 * Compares a deployed template with the one that would be deployed.
 * @throws UserError where the deployed one does not say what it promises
 */
export const compared = (
  stack: string,
  deployed: unknown,
  synthesized: unknown,
): readonly Comparison[] => {
  const before = Object.entries(publishedIn(deployed));
  if (before.length === 0)
    throw new UserError(
      `The template of the stack ${stack} does not say what it promises: it was deployed by an older version. Look at "npx cdk diff" once, and deploy.`,
    );
  const now = publishedIn(synthesized);
  return before.map(([path, { promises, access }]) => {
    const next = now[path];
    const found = next === undefined ? [gone(path)] : breaches(promises, next.promises);
    return {
      path,
      breaches: found,
      refused: found.filter(({ kind }) => !allows(next, kind)),
      narrowed: next === undefined ? [] : narrowed(access, next.access),
    };
  });
};

/**
 * Compares what a snapshot has of a stack's Gatehouses with the one that would be deployed.
 * @throws UserError where the snapshot has none of them
 */
export const comparedWithSnapshot = (
  snapshot: Readonly<Record<string, Published['promises']>>,
  synthesized: unknown,
): readonly Comparison[] => {
  const now = Object.entries(publishedIn(synthesized));
  const found = now.flatMap(([path, next]) => {
    const promises = snapshot[path];
    if (promises === undefined) return [];
    const all = breaches(promises, next.promises);
    const refused = all.filter(({ kind }) => !allows(next, kind));
    // Who may use what stands in no snapshot.
    return [{ path, breaches: all, refused, narrowed: [] }];
  });
  if (found.length === 0)
    throw new UserError(
      `The snapshot does not have ${now.map(([path]) => path).join(', ')} yet: the synthesis has written it now.`,
    );
  return found;
};

const gone = (path: string): Breach => ({
  kind: 'url',
  reason: `url: there is no ${path} any more: clients find nothing at the URL that they have.`,
});

const allows = (next: Published | undefined, kind: Breach['kind']): boolean =>
  next?.allowed.includes(kind) === true;

export const comparisonOutcome = (stack: string, found: readonly Comparison[]): Outcome => ({
  text: found.map((each) => textOf(stack, each)).join('\n\n'),
  json: { stack, gatehouses: found },
});

const textOf = (stack: string, comparison: Comparison): string =>
  [...cutOff(stack, comparison), ...decided(comparison)].join('\n');

const decided = ({ narrowed: fewer }: Comparison): readonly string[] =>
  fewer.length === 0
    ? []
    : [
        'Fewer may do this than before, which nothing refuses:',
        ...fewer.map((each) => `  ${each}`),
      ];

const cutOff = (stack: string, { path, breaches: all, refused }: Comparison): readonly string[] => {
  if (all.length === 0) return [`${path}: nobody who is connected to ${stack} is cut off.`];
  const lines = all.map(
    (each) => `  ${refused.includes(each) ? 'refused' : 'allowed'}  ${each.reason}`,
  );
  const kinds = [...new Set(refused.map(({ kind }) => `'${kind}'`))].join(', ');
  const fix =
    refused.length === 0
      ? []
      : [`Take it back, or agree to it for one deployment: allowBreaking: [${kinds}].`];
  return [`${path}: this cuts off who is connected to ${stack}.`, ...lines, ...fix];
};
