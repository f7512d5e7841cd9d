import { isInstalled, ran } from './child.ts';

/** Mounts a file system of 64 KiB for the time of the action; false where that is not allowed. */
export function onSmallDisk(folder: string, action: () => void): boolean {
  if (process.platform !== 'linux') return false;
  if (!isInstalled('mount', '-t', 'tmpfs', '-o', 'size=64k', 'at-pki-test', folder)) return false;
  try {
    action();
  } finally {
    ran('umount', [folder]);
  }
  return true;
}
