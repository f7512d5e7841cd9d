import { serveRfc2217 } from '../rfc2217-server.ts';
import type { Cleanup } from '../scratch.ts';
import type { SimulatedChip } from './chip.ts';

/** Puts a chip behind a server of RFC 2217, with its lines and its baud rate: `rfc2217://127.0.0.1:40123`. */
export async function serveOverRfc2217(t: Cleanup, chip: SimulatedChip): Promise<string> {
  const { port } = await serveRfc2217(t, (client) => {
    let baud = 115200;
    const plug = chip.plug({
      data: (bytes) => client.send(bytes),
      lost: () => client.hangUp(),
      get baud() {
        return baud;
      },
    });
    return {
      data: (bytes) => plug.write(bytes),
      baud: (rate) => {
        baud = rate;
      },
      lines: (lines) => plug.setLines(lines),
      closed: () => plug.unplug(),
    };
  });
  return `rfc2217://127.0.0.1:${port}`;
}
