import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../src/core/clock.ts';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import type { Phase } from '../../src/device/progress.ts';
import { flashBuild } from '../../src/flash/flash.ts';
import { buildProject } from '../../src/pipeline/build.ts';
import type { Build } from '../../src/pipeline/result.ts';
import { SimulatedChip } from '../support/chip/chip.ts';
import { plainEsptoolJs } from '../support/esptool-js.ts';
import { flashProject } from '../support/flash-project.ts';
import { median } from '../support/pairs.ts';

// What a flash costs on a wire of 921,600 baud, with a flash chip that takes its time: the simulated chip waits as long
// as a real one would, so these are seconds on a clock. The rival is esptool-js as it comes, with verification.

const rounds = 5;
const baud = 921_600;

const folder = join(tmpdir(), `at-pki-bench-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** 27 files, as many as the mfg_nvs of esp-at has; none repeats another, nor itself, as it is with certificates. */
const names = Array.from({ length: 27 }, (_, index) => `set${index}_ca`);
const project = flashProject(folder, 'nvs', {
  checks: { unparsable: 'off' },
  partitions: {
    mfg_nvs: { format: 'nvs', namespaces: Object.fromEntries(names.map((name) => [name, { files: `${name}.crt` }])) },
  },
  flash: { baud },
});
const size = project.range.size;
const offset = project.range.offset;

function writeCertificate(name: string, version: number): void {
  const parts = Array.from({ length: 27 }, (_, part) =>
    createHash('sha256').update(`${name} ${version} ${part}`).digest(),
  );
  const lines =
    Buffer.concat(parts)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const text = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  writeFileSync(join(folder, 'raw_data', `${name}.crt`), text);
}

async function built(version: number): Promise<Build> {
  writeCertificate('set13_ca', version);
  const result = await buildProject({ cwd: folder });
  const [problem] = result.diagnostics.filter(isError);
  if (problem) throw new Error(problem.message);
  return result;
}

interface Cost {
  readonly seconds: number;
  /** Over the wire, both ways. */
  readonly bytes: number;
  readonly erased: number;
  /** Milliseconds from the first look at the flash to the last. */
  readonly flash?: number;
}

// On the time of the machine, for a part of it is what the programs themselves compute.
const newChip = (flash: Uint8Array) => new SimulatedChip(realClock, { chip: 'esp32', flash, timing: true });

/** `image` over what `flash` holds, by esptool-js alone. */
async function byEsptoolJs(flash: Uint8Array, image: Uint8Array): Promise<Cost> {
  const chip = newChip(flash);
  const started = performance.now();
  const { loader, transport } = await plainEsptoolJs(chip.port(), baud);
  await loader.main('default_reset');
  await loader.writeFlash({
    fileArray: [{ data: image, address: offset }],
    ...({ flashMode: 'keep', flashFreq: 'keep', flashSize: 'keep' } as const),
    ...{ eraseAll: false, compress: true },
    calculateMD5Hash: (bytes) => createHash('md5').update(bytes).digest('hex'),
  });
  await loader.after('custom_reset', undefined, 'D0|R1|W100|R0');
  await transport.disconnect();
  const seconds = (performance.now() - started) / 1000;
  const { traffic, erasedSectors } = chip;
  chip.close();
  return { seconds, bytes: traffic.toChip + traffic.toHost, erased: erasedSectors.length };
}

interface Options {
  readonly full?: boolean;
  readonly backup?: boolean;
}

/** A build to a device that holds `flash`, by ourselves. */
async function byUs(flash: Uint8Array, build: Build, { full = false, backup = true }: Options = {}): Promise<Cost> {
  const chip = newChip(flash);
  const times: number[] = [];
  const onPhase = ({ phase }: Phase) => {
    if (phase !== 'connect') times.push(performance.now());
  };
  const started = performance.now();
  const request = { device: {}, full, backup, updateTable: false, values: 'overwrite', port: chip.port() } as const;
  const result = await flashBuild(build, { ...request, now: () => new Date(), onPhase });
  const seconds = (performance.now() - started) / 1000;
  const [problem] = result.diagnostics.filter(isError);
  if (problem) throw new Error(problem.message);
  const { traffic, erasedSectors } = chip;
  chip.close();
  // The end is told after the reset, which takes a tenth of a second.
  const spent = (times.at(-1) ?? 0) - (times[0] ?? 0) - 100;
  return { seconds, bytes: traffic.toChip + traffic.toHost, erased: erasedSectors.length, flash: spent };
}

async function medians(measure: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await measure());
  const flash = costs.flatMap((one) => one.flash ?? []);
  return {
    seconds: median(costs.map((one) => one.seconds)),
    bytes: median(costs.map((one) => one.bytes)),
    erased: median(costs.map((one) => one.erased)),
    ...(flash.length > 0 && { flash: median(flash) }),
  };
}

for (const name of names) writeCertificate(name, 0);
const image = (build: Build): Promise<Uint8Array> =>
  import('node:fs').then(({ readFileSync }) => readFileSync(build.partitions[0]?.file ?? ''));
const withImage = (bytes: Uint8Array): Uint8Array => {
  const flash = project.flash.slice();
  flash.set(bytes, offset);
  return flash;
};
const old = await image(await built(0));
const build = await built(1);
const held = withImage(old);
const next = await image(build);
const forget = () => rmSync(join(folder, '.at-pki'), { recursive: true, force: true });

const plain = await medians(() => byEsptoolJs(held, next));
const full = await medians(() => byUs(held, build, { full: true, backup: false }));
const nothing = await medians(() => byUs(withImage(next), build));
const unknown = await medians(() => {
  forget();
  return byUs(held, build);
});
const noBackup = await medians(() => byUs(held, build, { backup: false }));
/** A flash before leaves a copy of what the device holds. */
const knownBy = (options: Options) =>
  medians(async () => {
    forget();
    await byUs(withImage(next), await built(0));
    return byUs(held, await built(1), options);
  });
const known = await knownBy({});
const fullKnown = await knownBy({ full: true });

function row(what: string, { seconds, bytes, erased, flash }: Cost, budget: string, isKept: boolean): void {
  const share = (value: number, of: number) => `${Math.round((100 * value) / of)} %`.padStart(5);
  const cells = [
    `${seconds.toFixed(2)} s`.padStart(7),
    share(seconds, plain.seconds),
    String(bytes).padStart(7),
    share(bytes, plain.bytes),
    String(erased).padStart(4),
    flash === undefined ? ''.padStart(8) : `${flash.toFixed(0)} ms`.padStart(8),
  ];
  console.log(`  ${what.padEnd(44)} ${cells.join('  ')}  ${budget}${isKept ? '' : '  EXCEEDED'}`);
}

console.log(`mfg_nvs of ${size / 1024}K on an ESP32 at 921,600 baud, median of ${rounds}`);
console.log(`  ${''.padEnd(44)}    time          bytes         sectors  flash phase`);
row('esptool-js, all of it', plain, '', true);
const isNoSlower = ({ seconds }: Cost) => seconds <= plain.seconds;
row('at-pki --full --no-backup', full, 'no slower', isNoSlower(full));
row('at-pki --full, flashed before', fullKnown, 'no slower', isNoSlower(fullKnown));
row('at-pki, nothing changed', nothing, '1.5 s, 60 ms', nothing.seconds <= 1.5 && (nothing.flash ?? 0) <= 60);
const isSmall = ({ seconds, bytes }: Cost) => bytes <= 0.4 * plain.bytes && seconds <= 0.65 * plain.seconds;
row('at-pki, one certificate, flashed before', known, '65 %, 40 %', isSmall(known));
row('at-pki, one certificate, device unknown', unknown, '', true);
row('at-pki, one certificate, --no-backup', noBackup, '65 %, 40 %', isSmall(noBackup));
