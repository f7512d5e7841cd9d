import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from '../support/child.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { inPairs, milliseconds, runs } from '../support/pairs.ts';
import { fixtures, packageRoot } from '../support/paths.ts';
import { until } from '../support/until.ts';

// Whole processes as ratios to bare node, which takes turns with each: milliseconds tell more of the machine than of the
// program. Run it with `npm run bench`; it needs dist/.

const cli = join(packageRoot, 'dist/cli.cjs');

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
  return checkout;
}

const folder = join(tmpdir(), `at-pki-bench-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const [plain, configured] = [twelvePartitions(), twelvePartitions()];
/** The same partitions by patterns. */
const partitions = Object.fromEntries(
  ['client', 'https', 'wss', 'mine'].flatMap((set, place) =>
    ['ca', 'cert', 'key'].map((kind, index) => [
      `${set}_${kind}`,
      { files: `${set}_${kind}/*.pem`, offset: 0x21000 + (place * 3 + index) * 0x2000, size: '8K' },
    ]),
  ),
);
const config = { rawData: 'components/customized_partitions/raw_data', partitions };
writeFileSync(join(configured, 'pki.config.json'), JSON.stringify(config, undefined, 2));

const raw = join(fixtures, 'pki/raw_data');
const [certificate, bin] = [join(raw, 'client_ca/client_ca_00.crt'), join(fixtures, 'golden/atpki/client_ca.bin')];
const csv = join(folder, 'in.csv');
writeFileSync(csv, `key,type,encoding,value\nfirst,namespace,,\nca,file,binary,${certificate}\n`);

/** The goals are those of Node 20 on a machine with nothing else to do. */
const starts: readonly (readonly [what: string, goal: number, argv: readonly string[]])[] = [
  ['--version', 1.1, ['--version']],
  ['--help', 1.1, ['--help']],
  ['generate_bin, a certificate', 1.2, ['generate_bin', '-b', join(folder, 'a.bin'), 'ca', certificate]],
  ['parse_bin, two certificates', 1.2, ['parse_bin', '-b', bin, '-o', join(folder, 'parsed')]],
  ['nvs generate, 16K', 1.2, ['nvs', 'generate', csv, join(folder, 'nvs.bin'), '0x4000']],
  ['inspect, two certificates', 1.3, ['inspect', bin]],
  ['build, 12 partitions, nothing to do', 1.45, ['build', '--cwd', plain]],
  ['build, the same with a config of 12 patterns', 1.45, ['build', '--cwd', configured]],
  ['build --check, which reads everything', 2.2, ['build', '--check', '--cwd', plain]],
  ['build --check, the same with a config', 2.5, ['build', '--check', '--cwd', configured]],
];

// A build goes by its stamp, and nothing is stamped that changed a moment ago.
const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
const time = (argv: readonly string[]): number =>
  milliseconds(() => outputOf(process.execPath, argv, { cwd: folder, env }));
for (const [index, checkout] of [plain, configured].entries())
  await until(() => {
    time([cli, 'build', '--cwd', checkout]);
    return existsSync(join(folder, 'cache/at-pki')) && readdirSync(join(folder, 'cache/at-pki')).length > index;
  });

console.log(`ratios to node -e 0, medians of ${runs} pairs, node ${process.version}`);
for (const [what, goal, argv] of starts) {
  time([cli, ...argv]);
  const { ratio, one } = inPairs(
    () => time(['-e', '0']),
    () => time([cli, ...argv]),
  );
  const bare = `bare ${one.toFixed(0)} ms`;
  console.log(`  ${what.padEnd(60)} ${ratio.toFixed(2).padStart(7)}   goal ${goal.toFixed(2)}   ${bare}`);
}
