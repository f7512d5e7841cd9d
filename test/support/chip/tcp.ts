import { createServer, type Server, type Socket } from 'node:net';
import type { SimulatedChip } from './chip.ts';

export interface Served {
  /** What the user would give as the port: `socket://127.0.0.1:40123` or `/dev/pts/3`. */
  readonly port: string;
  close(): Promise<void>;
}

/**
 * A chip behind a TCP port of this machine, as ser2net in raw mode gives one: bytes only, one client at a time.
 *
 * @param baud the rate that such a server would be set to; where not said it goes along with the chip
 */
export async function serveOverTcp(chip: SimulatedChip, baud?: number): Promise<Served> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (chip.isPlugged) socket.destroy();
    else attach(chip, socket, baud);
  });
  const port = await listen(server);
  return {
    port: `socket://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
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
