import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../core/text.ts';

/**
 * The program that holds a port: `minicom (process 4711)`. Known on Linux, and of one's own programs only, or to root.
 * `proc` is for tests.
 */
export async function holderOf(path: string, proc = '/proc'): Promise<string | undefined> {
  try {
    const port = await realpath(path);
    const processes = (await readdir(proc)).filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid));
    const found = await Promise.all(processes.map((id) => holds(join(proc, id, 'fd'), port)));
    const id = processes[found.indexOf(true)];
    if (id === undefined) return undefined;
    return `${printable((await readFile(join(proc, id, 'comm'), 'utf8')).trim())} (process ${id})`;
  } catch {
    return undefined;
  }
}

async function holds(folder: string, port: string): Promise<boolean> {
  const open = await readdir(folder).catch(() => []);
  const targets = await Promise.all(open.map((name) => readlink(join(folder, name)).catch(() => '')));
  return targets.includes(port);
}
