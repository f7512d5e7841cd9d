import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SimulatedChip, servedChip } from './chip/chip.ts';
import type { ChipOptions } from './chip/options.ts';
import { serveOverTcp } from './chip/tcp.ts';
import { flashProject } from './flash-project.ts';
import { fixtures } from './paths.ts';
import { atPki, type Ran } from './run-rig.ts';
import { type Cleanup, scratch } from './scratch.ts';
import { until } from './until.ts';

/** Where our PKI bins lie on the board: each has 8K, and `client_ca` comes first behind the table. */
export const places = { client_ca: 0x21000, client_cert: 0x23000, client_key: 0x25000 };

/** A flash of ESP-AT with its tables, and the images of a client in their partitions. */
export function clientFlash(t: Cleanup): Uint8Array {
  const { flash } = flashProject(scratch(t), 'atpki');
  for (const [name, offset] of Object.entries(places)) {
    flash.set(readFileSync(join(fixtures, 'golden/atpki', `${name}.bin`)), offset);
  }
  return flash;
}

export interface ServedBoard {
  readonly chip: SimulatedChip;
  /** As `--port` takes it. */
  readonly port: string;
  /** Runs at-pki with that port, and waits until the server has seen that it is done. */
  run(cwd: string, ...argv: string[]): Promise<Ran>;
}

/** A simulated chip behind a TCP port; it has no lines to be reset by, and waits in its ROM. */
export async function servedBoard(t: Cleanup, options: ChipOptions = {}): Promise<ServedBoard> {
  const chip = servedChip(t, { flash: clientFlash(t), ...options, lines: false });
  const port = await serveOverTcp(t, chip);
  const run = async (cwd: string, ...argv: string[]): Promise<Ran> => {
    const ran = await atPki(cwd, ...argv, '--port', port);
    await until(() => !chip.isPlugged, 'the connection is closed');
    return ran;
  };
  return { chip, port, run };
}
