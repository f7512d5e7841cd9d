import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atpki } from '../../src/formats/atpki.ts';
import { checkFit } from '../../src/plan/fit.ts';
import { readSources } from '../../src/plan/snapshot.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { fixtures, packageRoot } from '../support/paths.ts';

// What a build costs: the budget is 40 ms over bare node where there is nothing to do, and 20 ms for packing 12
// partitions of two certificates in one process. Run it with `npm run bench`; it needs dist/.

const runs = 21;
const cli = join(packageRoot, 'dist/cli.cjs');

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

function milliseconds(action: () => unknown): number {
  const started = performance.now();
  action();
  return performance.now() - started;
}

const node = (...argv: string[]) => milliseconds(() => execFileSync(process.execPath, argv, { stdio: 'ignore' }));

/** The medians of two programs that take turns, and of the differences between neighbours: what else the machine does hits both. */
function inPairs(one: () => number, other: () => number): [number, number, number] {
  const pairs = Array.from({ length: runs }, () => [one(), other()] as const);
  return [
    median(pairs.map(([first]) => first)),
    median(pairs.map(([, second]) => second)),
    median(pairs.map(([first, second]) => second - first)),
  ];
}

/** A checkout with twelve partitions of two files each, already built. */
function twelvePartitions(): string {
  const checkout = exampleCheckout({ after: (clean) => process.on('exit', clean) });
  const rows: string[] = [];
  for (const [index, set] of ['client', 'server', 'mqtt', 'wss'].entries()) {
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
  execFileSync(process.execPath, [cli, 'build', '--cwd', checkout], { stdio: 'ignore' });
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

const show = (what: string, value: number, budget?: number): void => {
  const verdict = budget === undefined ? '' : `  budget ${budget}${value > budget ? '  EXCEEDED' : ''}`;
  console.log(`  ${what.padEnd(52)} ${value.toFixed(1).padStart(7)} ms${verdict}`);
};

const checkout = twelvePartitions();
const build = () => node(cli, 'build', '--cwd', checkout);
const bare = () => node('-e', '0');
build();
const [bareTime, buildTime, difference] = inPairs(bare, build);
console.log(`median of ${runs} pairs, node ${process.version}`);
show('node -e 0', bareTime);
show('at-pki build, nothing to do, 12 partitions', buildTime);
show('the difference', difference, 40);
console.log(`median of ${runs}, in one process`);
const [twelve, thousand, fourThousand] = [await packing(12), await packing(1000), await packing(4000)];
show('read and pack 12 partitions of 2 certificates', twelve, 20);
show('1,000 of them', thousand);
show('4,000 of them (four times as long where linear)', fourThousand);
