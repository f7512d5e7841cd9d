import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sweep } from '../../src/output/temporary.ts';
import { scratch } from '../support/scratch.ts';

const writer = fileURLToPath(new URL('../support/writer.js', import.meta.url));
const size = 512 * 1024;
const images = [0x55, 0xaa].map((byte) => Buffer.alloc(size, byte));
const kills = 100;
/** Most of a writer's life is its start: a few at once keep the test short. */
const lanes = 4;

/** Starts a writer of two images in turn and kills it at some moment. Says what it left beside the image. */
async function killOne(folder: string, file: string): Promise<string[]> {
  const child = spawn(process.execPath, [writer, file, '10000', String(size), '0x55', '0xaa']);
  const exit = once(child, 'exit');
  try {
    const [said] = await once(child.stdout, 'data');
    assert.equal(String(said), 'ready\n');
    await sleep(Math.random() * 20);
  } finally {
    child.kill('SIGKILL');
  }
  assert.deepEqual(await exit, [null, 'SIGKILL']);
  return readdirSync(folder).filter((name) => name !== 'client_key.bin');
}

test(`a build killed at any moment leaves the old image or the new one: ${kills} kills`, async (t) => {
  let betweenOpenAndRename = 0;
  const lane = async (): Promise<void> => {
    const folder = scratch(t);
    const file = join(folder, 'client_key.bin');
    writeFileSync(file, 'old');
    chmodSync(file, 0o644);
    for (let kill = 0; kill < kills / lanes; kill++) {
      const leftOvers = await killOne(folder, file);
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
  t.diagnostic(`${betweenOpenAndRename} of ${kills} fell between open and rename`);
  assert.ok(betweenOpenAndRename >= 5, `only ${betweenOpenAndRename} of ${kills} fell between open and rename`);
});
