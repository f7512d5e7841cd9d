import { openPty } from '../pty.ts';
import type { Cleanup } from '../scratch.ts';
import type { SimulatedChip } from './chip.ts';

/**
 * Puts a chip behind a pseudo terminal, where `canMakePty`, and gives its path: without lines, and nobody knows the baud
 * rate. Both are gone when the test is over.
 */
export async function serveOverPty(t: Cleanup, chip: SimulatedChip): Promise<string> {
  const pty = await openPty(t);
  const plug = chip.plug({
    data: (bytes) => void pty.input.write(bytes),
    lost: () => pty.vanish(),
  });
  pty.output.on('data', (bytes: Uint8Array) => plug.write(bytes));
  t.after(() => plug.unplug());
  return pty.path;
}
