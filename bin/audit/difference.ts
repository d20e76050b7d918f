import * as z from 'zod';
import type { Audit } from './audit.ts';

/** What is read of an earlier audit; the rest may have changed its form. */
const earlier = z.looseObject({
  at: z.string(),
  controls: z.array(z.looseObject({ id: z.string(), faults: z.array(z.string()) })),
  functions: z.array(z.looseObject({ name: z.string(), allows: z.array(z.string()) })).default([]),
  packages: z.array(z.looseObject({ name: z.string(), version: z.string() })).default([]),
});

export interface Difference {
  readonly since: string;
  /** A line each. */
  readonly changes: readonly string[];
}

const fresh = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const known = new Set(before);
  return after.filter((each) => !known.has(each));
};

/** @returns undefined where what was written before is no audit */
export const differenceTo = (written: unknown, audit: Audit): Difference | undefined => {
  const { data: before } = earlier.safeParse(written);
  if (before === undefined) return undefined;
  const [ids, wereIds] = [audit, before].map(({ controls }) => controls.map(({ id }) => id));
  const [red, wasRed] = [audit, before].map(({ controls }) =>
    controls.filter(({ faults }) => faults.length > 0).map(({ id }) => id),
  );
  const [allowed, wasAllowed] = [audit, before].map(({ functions }) =>
    functions.flatMap(({ name, allows }) => allows.map((line) => `${name} may ${line}`)),
  );
  const [packages, werePackages] = [audit, before].map((each) =>
    each.packages.map(({ name, version }) => `${name} ${version}`),
  );
  const lines = (
    [now = [], then = []]: readonly (readonly string[] | undefined)[],
    added: string,
    removed: string,
  ) => [
    ...fresh(then, now).map((each) => `${added} ${each}`),
    ...fresh(now, then).map((each) => `${removed} ${each}`),
  ];
  return {
    since: before.at,
    changes: [
      ...lines([ids, wereIds], 'new control:', 'control that is gone:'),
      ...lines([red, wasRed], 'without evidence now:', 'with evidence again:'),
      ...lines([allowed, wasAllowed], 'new permission:', 'permission that is gone:'),
      ...lines([packages, werePackages], 'new package:', 'package that is gone:'),
    ],
  };
};
