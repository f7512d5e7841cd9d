import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../support/child.ts';
import { servedChip } from '../support/chip/chip.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { flashProject } from '../support/flash-project.ts';
import { median, runs, show } from '../support/pairs.ts';
import { packageRoot } from '../support/paths.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

// From a save to the rebuilt bin, as somebody at a desk has it: the program in a process of its own, in a checkout of
// nine partitions. 100 ms of it are the wait for the rest of what an editor writes. Run it with `npm run bench`.

const cli = join(packageRoot, 'dist/cli.cjs');
const source = 'components/customized_partitions/raw_data/mqtt_key/mqtt_client.key';
const image = 'build/customized_partitions/mqtt_key.bin';

const ways: Record<string, (file: string, content: string) => void> = {
  'written in place': (file, content) => writeFileSync(file, content),
  'written beside and renamed': (file, content) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  },
  'removed and created': (file, content) => {
    rmSync(file);
    writeFileSync(file, content);
  },
};

const untilExit = { after: (clean: () => void) => void process.on('exit', clean) };

async function latencies(write: (file: string, content: string) => void, ...options: string[]): Promise<number[]> {
  const checkout = exampleCheckout(untilExit);
  const file = join(checkout, source);
  const key = readFileSync(file, 'utf8');
  const watch = start(untilExit, process.execPath, [cli, 'watch', '--json', ...options], { cwd: checkout });
  const lines = (): number => watch.said.stdout.split('\n').length - 1;
  await until(() => lines() === 1);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const mark = `# ${run}\n`;
    const started = performance.now();
    write(file, `${key}${mark}`);
    await until(() => readFileSync(join(checkout, image)).includes(mark));
    times.push(performance.now() - started);
    await until(() => lines() === run + 2);
    // Saves of a person do not fall into the second look after a build.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  watch.kill('SIGINT');
  await watch.ended;
  return times;
}

/** From a save to a simulated device that holds it, the stub running: over TCP, with the times of a real wire and flash. */
async function toDevice(): Promise<number[]> {
  const { folder, flash } = flashProject(scratch(untilExit), 'nvs', { chip: 'esp32' });
  const chip = servedChip(untilExit, { chip: 'esp32', flash, lines: false, timing: true });
  const port = await serveOverTcp(untilExit, chip, undefined);
  const [name = ''] = readdirSync(join(folder, 'raw_data/mqtt_ca'));
  const file = join(folder, 'raw_data/mqtt_ca', name);
  const options = ['--json', '--flash', '--port', port, '--baud', '921600', '--after', 'no-reset'];
  const watch = start(untilExit, process.execPath, [cli, 'watch', ...options], { cwd: folder });
  const lines = (): number => watch.said.stdout.split('\n').length - 1;
  await until(() => lines() === 1, 'the first flash', 30_000);
  const times: number[] = [];
  for (let run = 0; run < 7; run++) {
    const started = performance.now();
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    await until(() => lines() === run + 2, 'the flash', 30_000);
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  watch.kill('SIGINT');
  await watch.ended;
  chip.close();
  return times;
}

console.log(`at-pki watch, from save to rebuilt bin, median of ${runs}, node ${process.version}`);
for (const [name, write] of Object.entries(ways)) {
  const times = await latencies(write);
  show(name, median(times));
  show(`${name}, the slowest`, Math.max(...times));
}
show('written in place, --poll', median(await latencies((file, content) => writeFileSync(file, content), '--poll')));
show('written in place, until a simulated device holds it', median(await toDevice()));
process.exit();
