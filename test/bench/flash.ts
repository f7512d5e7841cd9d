import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProject } from '../../src/build.ts';
import { flashBuild } from '../../src/flash/flash.ts';
import { SimulatedChip } from '../support/chip/chip.ts';
import { plainEsptoolJs } from '../support/esptool-js.ts';
import { flashProject } from '../support/flash-project.ts';
import { median } from '../support/pairs.ts';

// What a flash costs on a wire of 921,600 baud, with a flash chip that takes its time: the simulated chip waits as long
// as a real one would, so these are seconds on a clock. The rival is esptool-js as it comes, with verification.

const rounds = 3;
const baud = 921_600;
const size = 0x1c000;
const offset = 0x21000;

const folder = join(tmpdir(), `at-pki-bench-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** 27 files of which none repeats another, as random to a compressor as certificates are. */
const sets = ['client', 'server', 'mqtt', 'wpa2', 'https', 'wss', 'web', 'log', 'ota'];
const { flash } = flashProject(folder, 'nvs', { checks: { unparsable: 'off' } });
const pem = (seed: string): string => {
  let bytes = Buffer.alloc(0);
  for (let part = 0; bytes.length < 840; part++) {
    bytes = Buffer.concat([bytes, createHash('sha256').update(`${seed} ${part}`).digest()]);
  }
  const lines = bytes.subarray(0, 840).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};
const namespaces = Object.fromEntries(
  sets.flatMap((set) => ['a', 'b', 'c'].map((kind) => [`${set}_${kind}`, { files: `${set}_${kind}.crt` }])),
);
for (const name of Object.keys(namespaces)) writeFileSync(join(folder, 'raw_data', `${name}.crt`), pem(name));
writeFileSync(
  join(folder, 'pki.config.json'),
  JSON.stringify({
    ...JSON.parse(readFileSync(join(folder, 'pki.config.json'), 'utf8')),
    partitions: { mfg_nvs: { format: 'nvs', namespaces: Object.fromEntries(Object.keys(namespaces).map((name) => [name, { files: `${name}.crt`, type: 'ca' }])) } },
    flash: { baud },
  }),
);

interface Cost {
  readonly seconds: number;
  /** Both ways. */
  readonly bytes: number;
  readonly erased: number;
  /** Milliseconds from the first look at the flash to the last. */
  readonly flash: number;
}
