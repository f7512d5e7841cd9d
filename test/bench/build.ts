import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atpki } from '../../src/formats/atpki/format.ts';
import { checkFit } from '../../src/pipeline/fit.ts';
import { readSources } from '../../src/sources/snapshot.ts';
import { outputOf } from '../support/child.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { inPairs, median, processTime, runs, show } from '../support/pairs.ts';
import { fixtures, packageRoot } from '../support/paths.ts';

// What a build costs: the budget is 60 ms over bare node where there is nothing to do, checks included, and 20 ms for
// packing 12 partitions of two certificates in one process. Run it with `npm run bench`; it needs dist/.

const cli = join(packageRoot, 'dist/cli.cjs');
const node = (...argv: string[]) => processTime(process.execPath, ...argv);

/** A checkout with twelve partitions of two files each, already built. */
function twelvePartitions(): string {
  const checkout = exampleCheckout({ after: (clean) => process.on('exit', clean) });
  const rows: string[] = [];
  for (const [index, set] of ['client', 'https', 'wss', 'mine'].entries()) {
    for (const [slot, kind] of ['ca', 'cert', 'key'].entries()) {
      const number = index * 3 + slot;
      rows.push(`${set}_${kind}, 0x40, ${number}, 0x${(0x21000 + number * 0x2000).toString(16)}, 8K`);
      const folder = join(checkout, 'components/customized_partitions/raw_data', `${set}_${kind}`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      const file = join(fixtures, `pki/raw_data/client_${kind}/client_${kind}_00.${kind === 'key' ? 'key' : 'crt'}`);
      for (const name of ['a.pem', 'b.pem']) cpSync(file, join(folder, name));
    }
  }
  writeFileSync(join(checkout, 'module_config/module_esp32_default/at_customize.csv'), `${rows.join('\n')}\n`);
  outputOf(process.execPath, [cli, 'build', '--cwd', checkout]);
  return checkout;
}

/** Reading, packing and fitting `count` partitions of two certificates each. */
async function packing(count: number): Promise<number> {
  const root = join(fixtures, 'pki/raw_data');
  const source = { kind: 'cert', base: root, path: 'client_cert', order: 'name' } as const;
  const partition = { name: 'x_cert', format: 'atpki', file: 'x_cert.bin', size: 8192, sources: [source] } as const;
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    for (let one = 0; one < count; one++) {
      const { entries } = await readSources(partition, root);
      const packed = atpki.encode(entries);
      if (!packed.ok || checkFit(partition, packed.value, entries).length > 0)
        throw new Error('the fixtures do not fit');
    }
    times.push(performance.now() - started);
  }
  return median(times);
}

const checkout = twelvePartitions();
const build = () => node(cli, 'build', '--cwd', checkout);
const bare = () => node('-e', '0');
build();
console.log(`median of ${runs} pairs, node ${process.version}`);
const withoutConfig = inPairs(bare, build);
show('node -e 0', withoutConfig.one);
show('at-pki build, nothing to do, 12 partitions, checks included', withoutConfig.other);
show('the difference', withoutConfig.difference, 60);
const partitions = Object.fromEntries(
  ['client', 'https', 'wss', 'mine'].flatMap((set, place) =>
    ['ca', 'cert', 'key'].map((kind, index) => [
      `${set}_${kind}`,
      { files: `${set}_${kind}/*.pem`, offset: 0x21000 + (place * 3 + index) * 0x2000, size: '8K' },
    ]),
  ),
);
const config = { rawData: 'components/customized_partitions/raw_data', partitions };
writeFileSync(join(checkout, 'pki.config.json'), JSON.stringify(config, undefined, 2));
build();
const withConfig = inPairs(bare, build);
show('the same with a config of 12 patterns', withConfig.other);
show('the difference', withConfig.difference, 60);
console.log(`median of ${runs}, in one process`);
const [twelve, thousand, fourThousand] = [await packing(12), await packing(1000), await packing(4000)];
show('read and pack 12 partitions of 2 certificates', twelve, 20);
show('1,000 of them', thousand);
show('4,000 of them (four times as long where linear)', fourThousand);
