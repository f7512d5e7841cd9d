import { createServer, type Server, type Socket } from 'node:net';
import type { Cleanup } from '../scratch.ts';
import { until } from '../until.ts';
import type { SimulatedChip } from './chip.ts';

/**
 * Puts a chip behind a TCP port of this machine, as ser2net in raw mode does: bytes only, one client at a time. Gives
 * `socket://127.0.0.1:40123`, and is gone when the test is over.
 *
 * @param baud the rate that such a server would be set to; where not said it goes along with the chip
 */
export async function serveOverTcp(t: Cleanup, chip: SimulatedChip, baud?: number): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    // The client before may just be about to leave.
    until(() => !chip.isPlugged, 'the wire is free', 1000).then(
      () => socket.destroyed || attach(chip, socket, baud),
      () => socket.destroy(),
    );
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `socket://127.0.0.1:${await listen(server)}`;
}

function attach(chip: SimulatedChip, socket: Socket, baud: number | undefined): void {
  const plug = chip.plug({
    data: (bytes) => void socket.write(bytes),
    lost: () => void socket.destroy(),
    baud,
  });
  socket.on('data', (bytes) => plug.write(bytes));
  socket.on('close', () => plug.unplug());
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}
