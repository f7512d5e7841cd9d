import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { SimulatedChip } from './chip.ts';
import type { Served } from './tcp.ts';

type Script = ChildProcessByStdio<Writable, Readable, null>;

/** Whether this machine can make a pty for us: `script` of util-linux. */
export const hasPty = process.platform === 'linux' && onPath('script');

/**
 * A chip behind a pseudo terminal, which a serial port library opens like a port. Node cannot make one; `script` does,
 * and passes what goes through it to its stdin and stdout. No lines, and nobody knows the baud rate.
 */
export async function serveOverPty(chip: SimulatedChip): Promise<Served> {
  // The pause ends with the terminal, which ends with `script`.
  const script = spawn('script', ['-qfec', 'stty raw -echo; tty; exec sleep 600', '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => script.once('close', () => resolve()));
  script.stdin.on('error', () => {});
  const port = await nameOf(script);
  const plug = chip.plug({
    data: (bytes) => void script.stdin.write(bytes),
    lost: () => void script.kill('SIGKILL'),
  });
  script.stdout.on('data', (bytes: Uint8Array) => plug.write(bytes));
  return {
    port,
    async close() {
      plug.unplug();
      script.kill('SIGKILL');
      await ended;
    },
  };
}

/** The first line that comes: `/dev/pts/3`. */
function nameOf(script: Script): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString('latin1');
      const [line, rest] = text.split(/\r?\n/);
      if (line === undefined || rest === undefined) return;
      script.stdout.off('data', take);
      resolve(line.trim());
    };
    script.stdout.on('data', take);
    script.once('error', reject);
    script.once('exit', () => reject(new Error(`script ended before it named its terminal: ${text}`)));
  });
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
