import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '../../src/formats/nvs/encode.ts';
import type { NvsEntry } from '../../src/formats/nvs/model.ts';
import { outputOf } from '../support/child.ts';
import { inPairs, median, milliseconds, processTime, runs, show } from '../support/pairs.ts';
import { fixtures, packageRoot } from '../support/paths.ts';

// What an NVS image costs. AT_PKI_REFERENCE names the reference generator to be timed in pairs with ours, for instance
// AT_PKI_REFERENCE="python3 esp-idf/components/nvs_flash/nvs_partition_generator/nvs_partition_gen.py" npm run bench

const size = 112 * 1024;
const read = (set: string, kind: string, file: string) =>
  readFileSync(join(fixtures, `pki/raw_data/${set}_${kind}`, file));

/** About what the mfg_nvs of module_esp32_default holds: seven sets, factory parameters, BLE services. */
function content(serial = 0): NvsEntry[] {
  const blobs = (['ca', 'cert', 'key'] as const).flatMap((kind) => {
    const ending = kind === 'key' ? 'key' : 'crt';
    return ['client', 'https', 'wss', 'server', 'mqtt', 'wpa2', 'mine'].flatMap((set) =>
      ['00', '01'].map((number): NvsEntry => {
        const value = read('client', kind, `client_${kind}_${number}.${ending}`);
        return { namespace: `${set}_${kind}`, key: `${set}_${kind}.${Number(number)}`, type: 'blob', value };
      }),
    );
  });
  const first = blobs[0]?.value;
  if (first instanceof Uint8Array) first[100] = serial & 0xff;
  const services = Array.from(
    { length: 31 },
    (_, index): NvsEntry => ({
      namespace: 'ble_data',
      key: `cfg${index}`,
      type: 'string',
      value: `${index},16,0x2800,0x01,2,2,A002`,
    }),
  );
  return [...blobs, ...services];
}

console.log(`median of ${runs}, in one process`);
const one = content();
show(
  'a whole image of 112K',
  median(Array.from({ length: runs }, () => milliseconds(() => encode({ entries: one }, { size })))),
);
const many = Array.from({ length: 1000 }, (_, serial) => content(serial));
show(
  '1,000 images that differ in one certificate',
  milliseconds(() => many.map((entries) => encode({ entries }, { size }))),
);

const folder = join(tmpdir(), `at-pki-bench-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const rows = one.flatMap(({ namespace, key, type, value }, index) => {
  const head = index === 0 || one[index - 1]?.namespace !== namespace ? [`${namespace},namespace,,`] : [];
  if (type === 'string') return [...head, `${key},data,string,"${value}"`];
  const file = join(folder, `${index}.bin`);
  writeFileSync(file, value instanceof Uint8Array ? value : '');
  return [...head, `${key},file,binary,${file}`];
});
const csv = join(folder, 'in.csv');
writeFileSync(csv, `key,type,encoding,value\n${rows.join('\n')}\n`);
const cli = join(packageRoot, 'dist/cli.cjs');
const ours = (out: string) => [cli, 'nvs', 'generate', csv, join(folder, out), '0x1c000'];
const [program, ...argv] = process.env.AT_PKI_REFERENCE?.split(' ') ?? [];
if (program) {
  const theirs = [...argv, 'generate', csv, join(folder, 'b.bin'), '0x1c000'];
  const pair = inPairs(
    () => processTime(program, ...theirs),
    () => processTime(process.execPath, ...ours('c.bin')),
  );
  console.log(`median of ${runs} pairs`);
  show('the reference', pair.one);
  show('ours beside it', pair.other);
  outputOf('cmp', [join(folder, 'b.bin'), join(folder, 'c.bin')]);
}
