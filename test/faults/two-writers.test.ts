import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { scratch } from '../support/scratch.ts';

const writer = fileURLToPath(new URL('../support/writer.js', import.meta.url));

/** A writer under way; `said` is all it wrote on stdout, once it is done. */
function start(file: string, times: number, size: number, ...bytes: number[]) {
  const child = spawn(process.execPath, [writer, file, ...[times, size, ...bytes].map(String)]);
  const run = { done: false, said: text(child.stdout), over: once(child, 'exit') };
  run.over.then(() => {
    run.done = true;
  });
  return run;
}

test('two builds that write the same image at once never leave it torn, and neither fails', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'client_ca.bin');
  // Different lengths: a mixture would show.
  const runs = [start(file, 200, 100_000, 1, 2), start(file, 200, 150_000, 3, 4)];
  const seen = new Set<number>();
  while (runs.some(({ done }) => !done)) {
    if (existsSync(file)) {
      const bytes = readFileSync(file);
      const first = bytes[0] ?? 0;
      assert.equal(bytes.length, first <= 2 ? 100_000 : 150_000);
      assert.ok(bytes.every((byte) => byte === first));
      seen.add(bytes.length);
    }
    await sleep(1);
  }
  for (const { said } of runs) assert.equal(await said, 'ready\n');
  assert.equal(seen.size, 2, 'both were seen to write');
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});

test('a temporary file that is swept away under its writer is written again', async (t) => {
  const folder = scratch(t);
  const file = join(folder, 'client_ca.bin');
  const run = start(file, 300, 1_000_000, 1, 2);
  let swept = 0;
  let imageThen = -1;
  while (!run.done) {
    const image = statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
    const temporary = readdirSync(folder).find((name) => name.endsWith('.at-pki-tmp'));
    // Once for each image: who loses every try has a right to give up.
    if (temporary !== undefined && image !== imageThen) {
      try {
        unlinkSync(join(folder, temporary));
        swept++;
        imageThen = image;
      } catch {
        // Renamed just now.
      }
    }
    await sleep(1);
  }
  assert.equal(await run.said, 'ready\n');
  assert.ok(swept >= 3, `only ${swept} swept away`);
});
