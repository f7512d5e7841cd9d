import type { Transport } from 'esptool-js';
import type { Lines, Link, Way } from '../../src/device/connection.ts';

type EsptoolJs = typeof import('esptool-js');

/** esptool-js as it comes, with its own SLIP and its own polling, over one of our ways. */
export async function plainEsptoolJs(way: Way, baudrate: number) {
  const esptool: EsptoolJs = await import('esptool-js/bundle.js');
  const transport = plainTransport(esptool, way);
  const terminal = { clean() {}, write() {}, writeLine() {} };
  return { transport, loader: new esptool.ESPLoader({ transport, baudrate, terminal }) };
}

function plainTransport(esptool: EsptoolJs, way: Way): Transport {
  let link: Link | undefined;
  let lines: Lines = { dtr: false, rts: false };
  class WayTransport extends esptool.Transport {
    override async connect(baud = 115200) {
      link = await way.open(baud, {
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
      await link?.write(this.slipWriter(data));
    }
    override async changeBaudrate(baud: number) {
      await link?.setBaud(baud);
      this.baudrate = baud;
      return false;
    }
    override async setSignals(dtr: boolean, rts: boolean) {
      lines = { dtr, rts };
      await link?.setLines(lines);
    }
    override setDTR = (dtr: boolean) => this.setSignals(dtr, lines.rts);
    override setRTS = (rts: boolean) => this.setSignals(lines.dtr, rts);
    override async disconnect() {
      await link?.close();
      link = undefined;
    }
  }
  return new WayTransport(undefined as never);
}
