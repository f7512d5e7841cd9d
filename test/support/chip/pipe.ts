import { diagnostic } from '../../../src/core/diagnostics/diagnostic.ts';
import type { Connection, ConnectionEvents, Port } from '../../../src/device/connection.ts';
import { DeviceError } from '../../../src/device/device.ts';
import type { SimulatedChip } from './chip.ts';

/** A way within the process: it knows the baud rate, and has lines where the board has. */
export function pipeTo(chip: SimulatedChip): Port {
  return {
    name: `simulated ${chip.name}`,
    hasLines: chip.hasLines,
    async open(baud, events) {
      if (chip.isPlugged) throw new DeviceError(diagnostic('port-busy', `the simulated ${chip.name} is in use`));
      return openPipe(chip, baud, events);
    },
  };
}

function openPipe(chip: SimulatedChip, firstBaud: number, events: ConnectionEvents): Connection {
  let baud = firstBaud;
  let lost = false;
  const plug = chip.plug({
    data: (bytes) => events.data(bytes),
    lost: (reason) => {
      lost = true;
      events.lost(reason);
    },
    get baud() {
      return baud;
    },
  });
  const reach = () => {
    if (lost) throw new DeviceError(diagnostic('port-lost', `the way to the simulated ${chip.name} is gone`));
  };
  return {
    async write(bytes) {
      reach();
      plug.write(bytes);
    },
    async setBaud(rate) {
      reach();
      baud = rate;
    },
    async setLines(lines) {
      reach();
      plug.setLines(lines);
    },
    async close() {
      plug.unplug();
    },
  };
}
