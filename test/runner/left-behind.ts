import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes that name a folder in their environment or command line, or run in it: all that tests start, since each
 * test file has a folder for temporary files of its own. Linux only; elsewhere the list is empty.
 */
export function processesOf(folder: string): LeftProcess[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      const isOurs = [command, environment, `${readlinkSync(`/proc/${name}/cwd`)}/`].some((text) =>
        text.includes(folder),
      );
      return isOurs ? [{ pid: Number(name), command: command.replaceAll('\0', ' ').trim().slice(0, 200) }] : [];
    } catch {
      // Ended meanwhile, or of another user.
      return [];
    }
  });
}

/** Ends a process, or a whole group if the number is negative. */
export function end(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Gone.
  }
}
