import { relative } from 'node:path';
import { describeFailure } from '../failure.ts';
import type { Gatehouse } from '../gatehouse.ts';
import type { ReloadResult } from './reload.ts';
import { type Watch, watchFolders } from './watch.ts';

/**
 * Rebuilds and reloads whenever a definition changes, or what it imports, and says what changed or
 * why the build refused.
 * @param folder paths are printed from here
 */
export const showChanges = (
  gatehouse: Pick<Gatehouse, 'reload' | 'sources'>,
  folder: string,
  print: (text: string) => void,
): Watch =>
  watchFolders(gatehouse.sources, async (paths) => {
    const changed = paths.map((path) => relative(folder, path)).join(', ');
    try {
      print(described(changed, await gatehouse.reload()));
    } catch (error) {
      print(
        `Changed: ${changed}. It is not shown, and what ran before still runs:\n${describeFailure(error)}`,
      );
    }
  });

const described = (changed: string, { functions, notShown }: ReloadResult): string => {
  const reloaded =
    functions.length === 0 ? 'nothing, as the code is the same' : functions.join(', ');
  const rest =
    notShown.length === 0 ? '' : ` Shown by the next start alone: ${notShown.join(', ')}.`;
  return `Changed: ${changed}. Reloaded: ${reloaded}. Logins and tables stay.${rest}`;
};
