import * as z from 'zod';
import { type BreakingChange, breakingChanges, policyMetadata } from '../../policy/deployment.ts';
import { access, type PublishedAccess } from './narrowed.ts';
import { type Promises, promises } from './promises.ts';

/** What a template says of a Gatehouse in it. */
export interface Published {
  readonly promises: Promises;
  /** Changes that its team has agreed to. */
  readonly allowed: readonly BreakingChange[];
  readonly access: PublishedAccess;
}

const template = z.looseObject({ Metadata: z.record(z.string(), z.unknown()).default({}) });

const published = z.looseObject({
  ...access.shape,
  promises,
  allowBreaking: z.array(z.enum(Object.keys(breakingChanges))).default([]),
});

const isBreakingChange = (name: string): name is BreakingChange => name in breakingChanges;

/**
 * The Gatehouses of a template, by the paths of their constructs. One that was deployed before
 * templates said what they promise is left out.
 */
export const publishedIn = (parsed: unknown): Readonly<Record<string, Published>> => {
  const { Metadata: metadata } = template.parse(parsed);
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => key.startsWith(policyMetadata))
      .flatMap(([key, value]) => {
        const { success, data } = published.safeParse(value);
        if (!success) return [];
        const allowed = data.allowBreaking.filter(isBreakingChange);
        const { promises, machines } = data;
        return [
          [
            key.slice(policyMetadata.length),
            { promises, allowed, access: { access: data.access, machines } },
          ],
        ];
      }),
  );
};
