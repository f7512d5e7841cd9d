import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { simulatedTime } from '../support/simulated-time.ts';
import { until } from '../support/until.ts';
import { watching } from '../support/watching.ts';

// A second write soon after the first: notices of it get lost in every watcher, and an image must not stay behind.

const ways: Record<string, (file: string, content: string) => void> = {
  'in place': (file, content) => writeFileSync(file, content, { flag: 'r+' }),
  'by rename': (file, content) => {
    writeFileSync(`${file}~`, content);
    renameSync(`${file}~`, file);
  },
  'by unlink and create': (file, content) => {
    unlinkSync(file);
    writeFileSync(file, content);
  },
};
/** Milliseconds, spread over what one save by an editor and two by a hurried person are apart. */
const delays = Array.from({ length: 20 }, (_, index) => 5 + Math.round((index * 145) / 19));
/** That many projects at once. */
const lanes = Array.from({ length: 4 }, (_, lane) => delays.filter((_, index) => index % 4 === lane));

for (const [name, write] of Object.entries(ways)) {
  test(`never stale after a second write ${name}`, async (t) => {
    await Promise.all(lanes.map((delays) => rounds(t, write, delays)));
  });
}

async function rounds(t: Cleanup, write: (file: string, content: string) => void, delays: readonly number[]) {
  const clock = simulatedTime(t);
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'in'));
  const file = join(cwd, 'in/a.bin');
  const content = (text: string): string => text.padEnd(64, '.');
  writeFileSync(file, content('none'));
  const partitions = { data: { format: 'raw', files: 'in/a.bin', size: '4K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions }));
  const watch = await watching(t, cwd);
  const image = (): string => readFileSync(join(cwd, 'out/data.bin'), 'latin1').slice(0, 64);
  for (const delay of delays) {
    write(file, content(`first of ${delay}`));
    await clock.sleep(delay);
    const last = content(`second of ${delay}`);
    write(file, last);
    await until(
      () => image() === last,
      () => `${delay} ms apart, and the image has: ${image()}`,
    );
  }
  await watch.end();
}
