import * as z from 'zod';
import { StartupFailure } from '../failure.ts';
import type { AssemblyStack } from './assembly.ts';
import type { SecretValues } from './secrets.ts';
import { findOutput, type Selection, select } from './selection.ts';
import { loadStack, type OtherStacks, type Stack } from './stack.ts';
import { type Template, templateSchema } from './template.ts';

/** An app as if it were deployed: the Gatehouse's stack, and what it leads to in others. */
export interface App extends Pick<Selection, 'gatehouse' | 'leftOut' | 'missingTables'> {
  readonly stack: Stack;
  readonly others: readonly Stack[];
  /** The folders of its definitions: a change there is shown at once. */
  readonly sources: readonly string[];
}

export interface LoadOptions {
  /** Logical ids of resources that are left out on purpose. */
  readonly without?: ReadonlySet<string>;
  /** @default new ones */
  readonly secrets?: SecretValues;
}

/**
 * @param wanted - path of the Gatehouse to emulate; needed where the app has several
 * @throws StartupFailure naming what the local runtime does not know, or lacks
 */
export const loadApp = (
  stacks: readonly AssemblyStack[],
  wanted?: string,
  options: LoadOptions = {},
): App => {
  const { without = new Set(), secrets } = options;
  const { gatehouse, stack, kept, leftOut, missingTables } = select(stacks, wanted, without);
  const loaded = new Map<AssemblyStack, Stack>();
  const load = (each: AssemblyStack): Stack => {
    const known = loaded.get(each);
    if (known !== undefined) return known;
    const { deployment, assetFolder } = each;
    const own = kept.get(each) ?? new Map<string, string | undefined>();
    const made = loadStack({
      deployment,
      assetFolder,
      template: pruned(each, own),
      ledToBy: (logicalId) => own.get(logicalId),
      others,
      without,
      ...(secrets && { secrets }),
    });
    loaded.set(each, made);
    return made;
  };
  const within = stacks.filter(({ folder }) => folder === stack.folder);
  const value = (found: ReturnType<typeof findOutput>) =>
    found && load(found.stack).output(found.name);
  const others: OtherStacks = {
    exported: (name) => value(findOutput(within, { kind: 'export', name })),
    output: (stackName, output) => value(findOutput(within, { kind: 'output', stackName, output })),
  };
  return {
    gatehouse,
    leftOut,
    missingTables,
    sources: stack.sources.get(gatehouse) ?? [],
    stack: load(stack),
    others: [...kept.keys()].filter((each) => each !== stack).map(load),
  };
};

/** The template without the resources that are not emulated. */
const pruned = (
  { template, deployment }: AssemblyStack,
  kept: ReadonlyMap<string, unknown>,
): Template => {
  const resources = Object.entries(template.Resources).filter(([logicalId]) => kept.has(logicalId));
  const result = templateSchema.safeParse({
    ...template,
    Resources: Object.fromEntries(resources),
  });
  if (result.success) return result.data;
  throw new StartupFailure(
    `The template of ${deployment.stackName} is not what the local runtime can read:\n${z.prettifyError(result.error)}`,
  );
};
