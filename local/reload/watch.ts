import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps; a change is complete when nothing follows for so long. */
const quietMilliseconds = 150;

export interface Watch {
  stop(): Promise<void>;
}

/**
 * Tells of changed files in these folders, once the changes have come to rest. Changes that come
 * while `changed` is at work are told afterwards.
 * @param folders absolute paths, looked up again after each change
 */
export const watchFolders = (
  folders: () => readonly string[],
  changed: (paths: readonly string[]) => Promise<void>,
): Watch => {
  const watchers = new Map<string, FSWatcher>();
  const paths = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isAtWork = false;

  const later = (): void => {
    clearTimeout(timer);
    if (!isAtWork) timer = setTimeout(tell, quietMilliseconds);
  };
  const tell = async (): Promise<void> => {
    const told = [...paths].sort();
    paths.clear();
    isAtWork = true;
    await changed(told).finally(() => {
      isAtWork = false;
    });
    look();
    if (paths.size > 0) later();
  };
  const look = (): void => {
    const wanted = new Set(folders());
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) if (!watchers.has(folder)) open(folder);
  };
  const open = (folder: string): void => {
    const watcher = watch(folder, (_event, name) => {
      if (name === null || isNoSource(name)) return;
      paths.add(join(folder, name));
      later();
    });
    // A folder that goes is noticed by its parent.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
    });
    watchers.set(folder, watcher);
  };

  look();
  return {
    stop: async () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
};

/** What editors and version control put beside the files for a moment. */
const isNoSource = (name: string): boolean =>
  name.startsWith('.') || name.endsWith('~') || name.endsWith('.swp') || /^\d+$/.test(name);
