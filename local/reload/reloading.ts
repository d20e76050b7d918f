import type { Permissions } from '../iam/permissions.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Synthesized } from '../synthesis/synthesize-app.ts';
import type { App } from '../template/app.ts';
import type { Stack } from '../template/stack.ts';
import { deployNewer, type ReloadResult } from './reload.ts';

/** A synthesis that was read. */
interface Read extends App {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly permits: Permissions;
}

export interface Reloading {
  /** What runs from the start. */
  readonly first: {
    readonly synthesis: Synthesized;
    readonly sources: readonly string[];
    readonly stacks: readonly Stack[];
  };
  /** Those that requests go to, by ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly synthesize: () => Promise<Synthesized>;
  /** @throws StartupFailure where the local runtime cannot emulate it */
  readonly read: (folder: string) => Read;
  /** Takes over what the roles of a newer synthesis may do. */
  readonly permit: (permits: Permissions) => void;
  /** What is stopped in the end. */
  readonly running: { stop(): Promise<unknown> }[];
}

/** What a running emulation needs to take over a newer synthesis. */
export const reloading = ({
  first,
  functions,
  synthesize,
  read,
  permit,
  running,
}: Reloading): { sources(): readonly string[]; reload(): Promise<ReloadResult> } => {
  let { sources, synthesis } = first;
  let older: Synthesized | undefined;
  return {
    sources: () => sources,
    reload: async () => {
      const made = await synthesize();
      running.push(made);
      const newer = read(made.folder);
      const stacks = [newer.stack, ...newer.others];
      permit(newer.permits);
      const result = await deployNewer(
        { stacks: first.stacks, functions },
        { stacks, functions: newer.functions },
      );
      // Calls under way may still read assets of the code that they run.
      await older?.stop();
      older = synthesis;
      synthesis = made;
      sources = newer.sources;
      return result;
    },
  };
};
