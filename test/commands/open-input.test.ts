import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nvsFolder } from '../support/nvs-folder.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { clientFlash, places, servedBoard } from '../support/served-board.ts';

const bins = join(fixtures, 'golden/atpki');
const device = { chip: 'ESP32-C3', mac: '34:85:18:0a:0b:0c', flashSize: 4 * 2 ** 20 };
const partition = { name: 'client_ca', offset: places.client_ca, size: 0x2000 };

/** A document without what differs from run to run. */
function steady(text: string): Record<string, unknown> {
  const { device: board, ...rest } = JSON.parse(text) as { device?: Record<string, unknown> };
  const { port, durationMs, ...facts } = board ?? {};
  return { ...rest, ...(board && { device: facts }) };
}

test('inspect: a partition of a device shows what its dump would', async (t) => {
  const { run } = await servedBoard(t);
  const cwd = scratch(t);
  await run(cwd, 'read', 'client_ca', '-o', 'dump.bin');
  const ofFile = await atPki(cwd, 'inspect', 'dump.bin');
  const ofDevice = await run(cwd, 'inspect', 'client_ca');
  assert.deepEqual([ofDevice.code, ofDevice.stderr], [0, '']);
  assert.match(
    ofDevice.stdout,
    /^client_ca on the device: atpki, 2 items, 8,192 bytes\n {2}ca\.0 {2}at 0x8, 1,107 bytes\n/,
  );
  assert.equal(ofDevice.stdout.replace('client_ca on the device', 'dump.bin'), ofFile.stdout);

  const { file, ...document } = JSON.parse((await atPki(cwd, 'inspect', 'dump.bin', '--json')).stdout) as {
    file: string;
  };
  assert.deepEqual(steady((await run(cwd, 'inspect', 'client_ca', '--json')).stdout), {
    ...document,
    device,
    partition,
  });
});

test('inspect: a table of the device', async (t) => {
  const { run } = await servedBoard(t);
  const { stdout } = await run(scratch(t), 'inspect', 'at_customize');
  assert.match(stdout, /^at_customize on the device: partition table, 9 partitions, MD5 ok, 3,072 bytes\n/);
});

test('inspect: an NVS image in a range of the device; --offset and --size are places in that', async (t) => {
  const folder = await nvsFolder(t);
  const flash = clientFlash(t);
  flash.set(readFileSync(join(folder, 'nvs.bin')), 0x40000);
  const { run } = await servedBoard(t, { flash });
  const { code, stdout, stderr } = await run(folder, 'inspect', '0x40000:24K');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^0x40000:24K on the device: NVS, 24,576 bytes, 4 namespaces, 10 entries,/);
  const part = await run(folder, 'inspect', '0x3f000:64K', '--offset', '0x1000', '--size', '24K', '--json');
  const { offset, size, partition: read } = JSON.parse(part.stdout) as Record<string, unknown>;
  assert.deepEqual([offset, size], [0x1000, 0x6000]);
  assert.deepEqual(read, { name: '0x3f000:64K', offset: 0x3f000, size: 0x10000 });
});

test('extract: the files out of a partition of a device, keys for their owner alone', async (t) => {
  const { run } = await servedBoard(t);
  const cwd = scratch(t);
  const { code, stdout } = await run(cwd, 'extract', 'client_key', '-o', 'keys');
  assert.deepEqual([code, stdout], [0, '2 files written to keys\n']);
  assert.equal((await atPki(cwd, 'extract', join(bins, 'client_key.bin'), '-o', 'wanted')).code, 0);
  for (const name of readdirSync(join(cwd, 'wanted'))) {
    assert.ok(readFileSync(join(cwd, 'keys', name)).equals(readFileSync(join(cwd, 'wanted', name))));
    if (process.platform !== 'win32') assert.equal(statSync(join(cwd, 'keys', name)).mode & 0o777, 0o600);
  }
  const again = await run(cwd, 'extract', 'client_key', '-o', 'keys');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^error\[file-exists\]/);
  const { stdout: text } = await run(cwd, 'extract', 'client_ca', '-o', 'cas', '--json');
  assert.deepEqual(steady(text), {
    ...{ version: 1, ok: true, command: 'extract', device, partition },
    files: [join('cas', 'ca_00.crt'), join('cas', 'ca_01.crt')],
    diagnostics: [],
  });
});

test('extract: the files out of an NVS image of a device', async (t) => {
  const folder = await nvsFolder(t);
  const flash = clientFlash(t);
  flash.set(readFileSync(join(folder, 'nvs.bin')), 0x9000);
  const { run } = await servedBoard(t, { flash });
  const [a, b] = [await run(folder, 'extract', 'nvs', '-o', 'a'), await atPki(folder, 'extract', 'nvs.bin', '-o', 'b')];
  assert.deepEqual([a.code, b.code], [0, 0]);
  for (const name of ['mqtt_key/mqtt_key.key', 'mqtt_cert/mqtt_cert.crt', 'odd/pem.key', 'nvs.csv']) {
    assert.ok(readFileSync(join(folder, 'a', name)).equals(readFileSync(join(folder, 'b', name))), name);
  }
});

test('diff: the device against a file', async (t) => {
  const { run } = await servedBoard(t);
  const same = await run(bins, 'diff', 'client_ca', 'client_ca.bin');
  assert.deepEqual(same, {
    code: 0,
    stdout: 'client_ca on the device and client_ca.bin hold the same: 2 entries\n',
    stderr: '',
  });
  const other = await run(bins, 'diff', 'client_ca', 'mqtt_ca.bin');
  assert.equal(other.code, 1);
  assert.match(other.stdout, /^client_ca on the device and mqtt_ca\.bin differ: 1 changed, 1 only in the first\n/);
  const { stdout } = await run(bins, 'diff', 'client_ca', 'client_ca.bin', '--json');
  assert.deepEqual(steady(stdout), {
    ...{ version: 1, ok: true, command: 'diff', a: 'client_ca', b: 'client_ca.bin', device, partition },
    ...{ format: 'atpki', equal: true, differences: [], diagnostics: [] },
  });
});

test('diff: a file that is missing is told without the way to the device, a device that is missing exits 3', async (t) => {
  const { chip, run } = await servedBoard(t);
  const missing = await run(bins, 'diff', 'client_ca', 'nope.bin');
  assert.deepEqual([missing.code, chip.commands.length], [2, 0]);
  assert.match(missing.stderr, /^error\[image-unreadable\]: nope\.bin does not exist/);
  const unreached = await atPki(bins, 'diff', 'client_ca', 'client_ca.bin', '--port', 'socket://127.0.0.1:1');
  assert.equal(unreached.code, 3);
  const unknown = await run(bins, 'diff', 'client_caa', 'client_ca.bin');
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.stderr,
    /^error\[usage\]: the device has no partition "client_caa"\n {2}→ did you mean "client_ca"\?/,
  );
});

test('what is wrong with a partition is said of it, with no file named', async (t) => {
  const { run } = await servedBoard(t);
  const cwd = scratch(t);
  const erased = await run(cwd, 'inspect', 'server_ca', '--json');
  assert.equal(erased.code, 1);
  const { partition: asked, diagnostics } = JSON.parse(erased.stdout) as { partition: object; diagnostics: object[] };
  assert.deepEqual(asked, { name: 'server_ca', offset: 0x27000, size: 0x2000 });
  assert.deepEqual(diagnostics, [
    {
      code: 'image-unknown',
      severity: 'error',
      message: 'server_ca on the device is erased flash (FF from start to end): nothing was written there',
    },
  ]);
  const missing = await run(cwd, 'extract', 'nope', '-o', 'out', '--json');
  assert.equal(missing.code, 2);
  assert.deepEqual((JSON.parse(missing.stdout) as { partition: object }).partition, { name: 'nope' });
});

test('with an encrypted flash, what was read is shown for what it is, with the reason', async (t) => {
  const { run } = await servedBoard(t, { flashEncryption: true, flash: new Uint8Array(0x30000).fill(0x5a) });
  const { code, stderr } = await run(scratch(t), 'inspect', '0x21000:8K');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^warning\[chip-locked\]: flash encryption is on .*\nerror\[image-unknown\]: 0x21000:8K on the device is not/s,
  );
});

for (const option of ['--baud', '--chip', '--before', '--after', '--esptool', '--table-offset']) {
  test(`${option} without --port is a slip`, async (t) => {
    const cwd = scratch(t);
    mkdirSync(join(cwd, 'out'));
    cpSync(join(bins, 'client_ca.bin'), join(cwd, 'a.bin'));
    for (const command of [
      ['inspect', 'a.bin'],
      ['extract', 'a.bin', '-o', 'out'],
      ['diff', 'a.bin', 'a.bin'],
    ]) {
      const { code, stderr } = await atPki(cwd, ...command, option, '0');
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`^error\\[usage\\]: ${option} is about a device, and without --port this is a file\n`),
      );
    }
    assert.deepEqual(readdirSync(join(cwd, 'out')), []);
  });
}
