import { type BigIntStats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { isTemporary } from '../files/temporary.ts';
import type { Folders } from './folders.ts';

/** Tells when something happens in some folders. */
export interface Watcher {
  /** Watches these folders from now on, and no others. What happens before it resolves may be missed. */
  follow(folders: Folders): Promise<void>;
  close(): Promise<void>;
}

export interface WatcherEvents {
  /** Something happened that may matter. */
  touched(): void;
  /** The system gives no more watches, or the like. */
  failed(error: unknown): void;
}

export interface WatcherOptions extends WatcherEvents {
  /** Ask the file system again and again, where it sends no notices. */
  readonly poll: boolean;
  /** Files that the build writes itself. */
  readonly isOutput: (path: string) => boolean;
}

/** Milliseconds between two rounds of polling. */
const pollInterval = 200;

export async function watchFolders({ poll, isOutput, touched, failed }: WatcherOptions): Promise<Watcher> {
  const { watch } = await import('chokidar');
  let current: FSWatcher | undefined;
  let followed = '';

  const isOfInterest = (folders: Folders, path: string): boolean => {
    const names = folders.get(dirname(path));
    const name = basename(path);
    return names !== undefined && (names === 'all' || names.has(name)) && !isTemporary(name) && !isOutput(path);
  };
  const open = (folders: Folders): Promise<FSWatcher> => {
    const watcher = watch([...folders.keys()], {
      depth: 0,
      ignoreInitial: true,
      ignorePermissionErrors: true,
      // What links lead to is among the folders; a circle of links would end the watch with ELOOP.
      followSymlinks: false,
      ignored: (path) => !folders.has(path) && !isOfInterest(folders, path),
      usePolling: poll,
      interval: pollInterval,
      // It takes a .key for a binary file (Keynote), and polls those more rarely.
      binaryInterval: pollInterval,
    });
    watcher.on('all', touched);
    // Its other events are thinned out, and polling leaves out a file that became older.
    watcher.on('raw', (_, name, details) => {
      const folder = folderIn(details);
      if (folder === undefined || name === null || isOfInterest(folders, `${folder}/${name}`)) touched();
    });
    return new Promise((resolve) => {
      watcher.on('ready', () => resolve(watcher));
      watcher.on('error', (error) => {
        failed(error);
        resolve(watcher);
      });
    });
  };
  return {
    async follow(folders) {
      const wanted = identityOf(folders);
      if (wanted === followed) return;
      followed = wanted;
      // The old one first: chokidar shares what it opened between watchers, and that may be a folder that is gone.
      await current?.close();
      current = await open(folders);
    },
    async close() {
      await current?.close();
    },
  };
}

/** Which folders they are, not only what they are called: one may have been replaced by another of its name. */
function identityOf(folders: Folders): string {
  const lines = [...folders].map(([folder, names]) => {
    const { dev, ino } = statOf(folder) ?? { dev: 0n, ino: 0n };
    return [folder, dev, ino, ...(names === 'all' ? ['*'] : [...names].sort())].join('\0');
  });
  return lines.sort().join('\n');
}

const statOf = (folder: string): BigIntStats | undefined => statSync(folder, { bigint: true, throwIfNoEntry: false });

const folderIn = (details: unknown): string | undefined => {
  const folder: unknown = Reflect.get(Object(details), 'watchedPath');
  return typeof folder === 'string' ? folder : undefined;
};
