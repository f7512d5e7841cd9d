import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Lines } from '../../src/device/connection.ts';
import {
  answerTo,
  binaryOption,
  commands,
  comPortMessage,
  comPortOption,
  controls,
  echoOption,
  rateBytes,
  rateOf,
  suppressGoAheadOption,
} from '../../src/device/ports/com-port.ts';
import { escaped, telnetDecoder, telnetOptions } from '../../src/device/ports/telnet.ts';
import type { Cleanup } from './scratch.ts';

/** What a client does to the port that is served, in its order. */
export interface ServedPort {
  data(bytes: Uint8Array): void;
  baud(rate: number): void;
  /** The whole state; a client that changes both is told of each by itself. Both are on when it connects. */
  lines(lines: Lines): void;
  closed?(): void;
}

/** The client, as the port sees it. */
export interface PortClient {
  send(bytes: Uint8Array): void;
  hangUp(): void;
}

/** How a server differs from one that does everything right. */
export interface Quirks {
  /** As the server of esptool, which plays whole reset sequences instead of single changes of a line. */
  readonly confirmsNoLines?: boolean;
  /** Text that ser2net may send before anything else. */
  readonly banner?: string;
  /** It sets this rate, whatever is asked for. */
  readonly onlyRate?: number;
  /** A telnet server that knows nothing of serial ports. */
  readonly refuses?: boolean;
  /** It takes connections and says nothing. */
  readonly isSilent?: boolean;
}

/** Serves a port by RFC 2217 on loopback until the test is over, one client after the other or at once. */
export async function serveRfc2217(
  t: Cleanup,
  attach: (client: PortClient) => ServedPort,
  quirks: Quirks = {},
): Promise<{ readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (!quirks.isSilent) serve(socket, attach, quirks);
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0 };
}

function serve(socket: Socket, attach: (client: PortClient) => ServedPort, quirks: Quirks): void {
  const served = attach({ send: (bytes) => socket.write(escaped(bytes)), hangUp: () => socket.end() });
  const decode = telnetDecoder();
  const known = [binaryOption, suppressGoAheadOption, ...(quirks.refuses ? [] : [comPortOption])];
  const options = telnetOptions([...known, echoOption], [binaryOption], known);
  let lines: Lines = { dtr: true, rts: true };
  const say = (command: number, value: Uint8Array) => socket.write(comPortMessage(command, value));
  const control = (value: number): void => {
    const before = lines;
    if (value === controls.dtrOn || value === controls.dtrOff) lines = { ...lines, dtr: value === controls.dtrOn };
    else if (value === controls.rtsOn || value === controls.rtsOff) lines = { ...lines, rts: value === controls.rtsOn };
    if (lines !== before) served.lines(lines);
    if (lines === before || !quirks.confirmsNoLines) say(answerTo(commands.setControl), Uint8Array.of(value));
  };
  const perform = (command = 0, value: Uint8Array): void => {
    switch (command) {
      case commands.setBaudRate: {
        const rate = quirks.onlyRate ?? rateOf(value) ?? 0;
        served.baud(rate);
        say(answerTo(command), rateBytes(rate));
        break;
      }
      case commands.setControl:
        control(value[0] ?? 0);
        break;
      case commands.setLineStateMask:
      case commands.setModemStateMask:
        break;
      default:
        say(command + 100, value);
    }
  };
  socket.on('data', (wire) => {
    for (const event of decode(wire)) {
      if (event.kind === 'data') served.data(event.bytes);
      else if (event.kind === 'subnegotiation') perform(event.bytes[0], event.bytes.subarray(1));
      else socket.write(options.answer(event.verb, event.option) ?? new Uint8Array());
    }
  });
  socket.on('close', () => served.closed?.());
  if (quirks.banner !== undefined) socket.write(quirks.banner);
  socket.write(options.opening);
}
