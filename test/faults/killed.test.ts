import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sweep } from '../../src/files/temporary.ts';
import { start } from '../support/child.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { randomPause } from '../support/until.ts';

const writer = fileURLToPath(new URL('../support/writer.js', import.meta.url));
const size = 512 * 1024;
const images = [0x55, 0xaa].map((byte) => Buffer.alloc(size, byte));
const kills = 40;
/** Kills of which so many have to fall between open and rename: how many do depends on the machine. */
const enough = 5;
/** Most of a writer's life is its start: a few at once keep the test short. */
const lanes = 4;

/** Starts a writer of two images in turn and kills it at some moment. Returns the names beside the image. */
async function killOne(t: Cleanup, folder: string, file: string): Promise<string[]> {
  const child = start(t, process.execPath, [writer, file, join(folder, 'never'), String(size), '0x55', '0xaa']);
  await once(child.stdout, 'data');
  assert.equal(child.said.stdout, 'ready\n');
  await randomPause();
  child.kill('SIGKILL');
  const { code, signal } = await child.ended;
  assert.deepEqual([code, signal], [null, 'SIGKILL']);
  return readdirSync(folder).filter((name) => name !== 'client_key.bin');
}

test('a build killed at any moment leaves the old image or the new one', async (t) => {
  let [killed, betweenOpenAndRename] = [0, 0];
  const lane = async (): Promise<void> => {
    const folder = scratch(t);
    const file = join(folder, 'client_key.bin');
    writeFileSync(file, 'old');
    chmodSync(file, 0o644);
    while (killed < kills || betweenOpenAndRename < enough) {
      killed++;
      const leftOvers = await killOne(t, folder, file);
      betweenOpenAndRename += leftOvers.length;
      assert.ok(leftOvers.length <= 1, `left over: ${leftOvers.join(' ')}`);
      const found = readFileSync(file);
      assert.ok(
        images.some((image) => image.equals(found)),
        `neither image: ${found.length} bytes`,
      );
      if (process.platform !== 'win32') {
        for (const name of leftOvers) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
      }
      sweep(folder);
      assert.deepEqual(readdirSync(folder), ['client_key.bin']);
    }
  };
  // All of them end before their folders are removed, also when one fails.
  for (const ended of await Promise.allSettled(Array.from({ length: lanes }, lane))) {
    if (ended.status === 'rejected') throw ended.reason;
  }
  t.diagnostic(`${betweenOpenAndRename} of ${killed} fell between open and rename`);
});
