import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isInstalled, outputOf, start } from './child.ts';
import type { Cleanup } from './scratch.ts';

/** The far end of a pseudo terminal, which serialport opens like a port. */
export interface Pty {
  /** `/dev/pts/3`. */
  readonly path: string;
  /** What the near end writes comes out here, and what is written here arrives there. */
  readonly output: Readable;
  readonly input: Writable;
  /** As if the cable were pulled. */
  vanish(): void;
}

/** Node cannot make a pseudo terminal; util-linux's `script` makes one around any program. */
export const canMakePty =
  process.platform === 'linux' &&
  isInstalled('script', '--version') &&
  outputOf('script', ['--version']).includes('util-linux');

/** Opens a pseudo terminal that passes bytes as they are; gone when the test is over. */
export async function openPty(t: Cleanup): Promise<Pty> {
  const command = 'stty raw -echo; tty; exec sleep 600';
  const child = start(t, 'script', ['-qfec', command, '/dev/null']);
  const vanish = (): void => child.kill('SIGKILL');
  let name = '';
  while (!name.endsWith('\n')) {
    const [bytes]: Buffer[] = await once(child.stdout, 'data');
    name += bytes;
  }
  return { path: name.trim(), output: child.stdout, input: child.stdin, vanish };
}
