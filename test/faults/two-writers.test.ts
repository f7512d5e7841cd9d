import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { start } from '../support/child.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const writer = fileURLToPath(new URL('../support/writer.js', import.meta.url));

test('two builds that write the same image at once never leave it torn, and neither fails', async (t) => {
  const [folder, stop] = [scratch(t), join(scratch(t), 'stop')];
  const file = join(folder, 'client_ca.bin');
  // Different lengths: a mixture would show.
  const runs = ['100000 1 2', '150000 3 4'].map((images) =>
    start(t, process.execPath, [writer, file, stop, ...images.split(' ')]),
  );
  const seen = new Map<number, number>();
  await until(() => {
    if (!existsSync(file)) return false;
    const bytes = readFileSync(file);
    const first = bytes[0] ?? 0;
    assert.equal(bytes.length, first <= 2 ? 100_000 : 150_000);
    assert.ok(bytes.every((byte) => byte === first));
    seen.set(bytes.length, (seen.get(bytes.length) ?? 0) + 1);
    return seen.size === 2 && [...seen.values()].every((times) => times >= 20);
  }, 'both are seen to write, often');
  writeFileSync(stop, '');
  for (const { ended } of runs) {
    const { stdout, stderr } = await ended;
    assert.deepEqual([stdout, stderr], ['ready\n', '']);
  }
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});

test('a temporary file that is swept away under its writer is written again', async (t) => {
  const [folder, stop] = [scratch(t), join(scratch(t), 'stop')];
  const file = join(folder, 'client_ca.bin');
  const run = start(t, process.execPath, [writer, file, stop, '1000000', '1', '2']);
  let swept = 0;
  let imageThen = -1;
  await until(() => {
    const image = statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
    const temporary = readdirSync(folder).find((name) => name.endsWith('.at-pki-tmp'));
    // Once for each image: a writer that loses every try may give up.
    if (temporary !== undefined && image !== imageThen) {
      try {
        unlinkSync(join(folder, temporary));
        swept++;
        imageThen = image;
      } catch {
        // Renamed just now.
      }
    }
    return swept >= 5;
  }, 'five are swept away');
  writeFileSync(stop, '');
  const { stdout, stderr } = await run.ended;
  assert.deepEqual([stdout, stderr], ['ready\n', '']);
});
