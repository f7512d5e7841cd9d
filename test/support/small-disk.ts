import { spawnSync } from 'node:child_process';

/** Mounts a file system of 64 KiB for the time of the action; false where that is not allowed. */
export function onSmallDisk(folder: string, action: () => void): boolean {
  if (process.platform !== 'linux') return false;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'at-pki-test', folder]).status !== 0) return false;
  try {
    action();
  } finally {
    spawnSync('umount', [folder]);
  }
  return true;
}
