import type { Transport } from 'esptool-js';
import type { Connection, Lines, Port } from '../../src/device/connection.ts';

type EsptoolJs = typeof import('esptool-js');

/** esptool-js as it comes, with its own SLIP and its own polling, over one of our ways. */
export async function plainEsptoolJs(port: Port, baudrate: number) {
  const esptool: EsptoolJs = await import('esptool-js/bundle.js');
  const transport = plainTransport(esptool, port);
  const terminal = { clean() {}, write() {}, writeLine() {} };
  return { transport, loader: new esptool.ESPLoader({ transport, baudrate, terminal }) };
}

function plainTransport(esptool: EsptoolJs, port: Port): Transport {
  let connection: Connection | undefined;
  let lines: Lines = { dtr: false, rts: false };
  class WayTransport extends esptool.Transport {
    override async connect(baud = 115200) {
      connection = await port.open(baud, {
        data: (more) => {
          // Private to the class above, yet the only door to its reader.
          (this as unknown as { buffer: Uint8Array }).buffer = this.appendArray(this.peek(), more);
        },
        lost() {},
      });
      this.baudrate = baud;
    }
    override async readLoop() {}
    override trace() {}
    override getInfo = () => '';
    override getVid = () => undefined;
    override getPid = () => undefined;
    override async write(data: Uint8Array) {
      await connection?.write(this.slipWriter(data));
    }
    override async changeBaudrate(baud: number) {
      await connection?.setBaud(baud);
      this.baudrate = baud;
      return false;
    }
    override async setSignals(dtr: boolean, rts: boolean) {
      lines = { dtr, rts };
      await connection?.setLines(lines);
    }
    override setDTR = (dtr: boolean) => this.setSignals(dtr, lines.rts);
    override setRTS = (rts: boolean) => this.setSignals(lines.dtr, rts);
    override async disconnect() {
      await connection?.close();
      connection = undefined;
    }
  }
  return new WayTransport(undefined as never);
}
