import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { clientFlash, places, servedBoard } from '../support/served-board.ts';

const onWindows = process.platform === 'win32';
const mac = 'a0:b1:c2:d3:e4:f5';

test('without a word it lists what the device has, tables and all', async (t) => {
  const { port } = await servedBoard(t, { mac });
  const { code, stdout, stderr } = await atPki(scratch(t), 'read', '--port', port);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    `ESP32-C3 ${mac} · 4M flash · ${port}
  name             type             subtype    offset   size
  partition-table  partition_table  primary    0x8000     3K
  nvs              data             nvs        0x9000    60K
  phy_init         data             phy       0x18000     4K
  at_customize     0x40             0x0       0x20000     3K
  client_ca        0x40             0x0       0x21000     8K
  client_cert      0x40             0x0       0x23000     8K
  client_key       0x40             0x0       0x25000     8K
  server_ca        0x40             0x0       0x27000     8K
  server_cert      0x40             0x0       0x29000     8K
  server_key       0x40             0x0       0x2b000     8K
  mqtt_ca          0x40             0x0       0x2d000     8K
  mqtt_cert        0x40             0x0       0x2f000     8K
  mqtt_key         0x40             0x0       0x31000     8K
  ota_0            app              ota_0    0x100000  1536K
at-pki read NAME… -o DIR reads them into files
`,
  );
});

test('one partition into a file, for its owner alone; the board stays as it is', async (t) => {
  const { chip, port } = await servedBoard(t);
  const before = chip.flash.slice();
  const cwd = scratch(t);
  const { code, stdout, stderr } = await atPki(cwd, 'read', 'client_key', '-o', 'new/key.bin', '--port', port);
  assert.deepEqual([code, stderr], [0, '']);
  const content = chip.flash.slice(places.client_key, places.client_key + 0x2000);
  assert.ok(readFileSync(join(cwd, 'new/key.bin')).equals(content));
  const md5 = createHash('md5').update(content).digest('hex');
  assert.equal(stdout, `new/key.bin: 8,192 bytes of client_key from 0x25000 on, MD5 ${md5}\n`);
  if (!onWindows) assert.equal(statSync(join(cwd, 'new/key.bin')).mode & 0o777, 0o600);
  assert.ok(Buffer.from(before).equals(chip.flash));
  assert.deepEqual([chip.erasedSectors, chip.resets], [[], 0]);
});

test('several, ranges and tables into a folder, named by themselves', async (t) => {
  const { chip, port } = await servedBoard(t);
  const cwd = scratch(t);
  const what = ['client_ca', '0x8000:4K', '0x21003:5', 'at_customize', 'partition-table', 'client_ca'];
  const { code, stdout } = await atPki(cwd, 'read', ...what, '-o', 'dump', '--json', '--port', port);
  assert.equal(code, 0);
  const files = ['0x00008000.bin', '0x00021003.bin', 'at_customize.bin', 'client_ca.bin', 'partition-table.bin'];
  assert.deepEqual(readdirSync(join(cwd, 'dump')).sort(), files);
  const { device, ...document } = JSON.parse(stdout) as { device: { durationMs: number } };
  assert.deepEqual(
    { ...device, durationMs: 0 },
    {
      ...{ port, chip: 'ESP32-C3', mac: '34:85:18:0a:0b:0c', flashSize: 4 * 2 ** 20, durationMs: 0 },
    },
  );
  const wanted: [name: string, file: string, offset: number, size: number][] = [
    ['client_ca', 'client_ca.bin', 0x21000, 0x2000],
    ['0x8000:4K', '0x00008000.bin', 0x8000, 0x1000],
    ['0x21003:5', '0x00021003.bin', 0x21003, 5],
    ['at_customize', 'at_customize.bin', 0x20000, 0xc00],
    ['partition-table', 'partition-table.bin', 0x8000, 0xc00],
  ];
  assert.deepEqual(document, {
    ...{ version: 1, ok: true, command: 'read' },
    files: wanted.map(([name, file, offset, size]) => {
      const bytes = chip.flash.subarray(offset, offset + size);
      assert.ok(readFileSync(join(cwd, 'dump', file)).equals(bytes), file);
      const [md5, sha256] = ['md5', 'sha256'].map((hash) => createHash(hash).update(bytes).digest('hex'));
      return { name, file: join('dump', file), offset, size, md5, sha256 };
    }),
    diagnostics: [],
  });
});

test('the whole flash; a folder that is there takes a single one, too', async (t) => {
  const { chip, port } = await servedBoard(t, { flashSize: 2 ** 20 });
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'dump'));
  assert.equal((await atPki(cwd, 'read', 'flash', '-o', 'dump', '--port', port)).code, 0);
  assert.ok(readFileSync(join(cwd, 'dump/flash.bin')).equals(chip.flash));
});

test('two ranges of one offset do not share a file', async (t) => {
  const { port } = await servedBoard(t);
  const cwd = scratch(t);
  assert.equal((await atPki(cwd, 'read', '0:4K', '0x0:8K', '-o', 'dump', '--port', port)).code, 0);
  assert.deepEqual(
    readdirSync(join(cwd, 'dump')).map((name) => [name, statSync(join(cwd, 'dump', name)).size]),
    [
      ['0x00000000-2.bin', 8192],
      ['0x00000000.bin', 4096],
    ],
  );
});

test('what exists is replaced under --force alone, which is said before the way to the device is taken', async (t) => {
  const { chip, port } = await servedBoard(t);
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.bin'), 'mine');
  const read = (...more: string[]) => atPki(cwd, 'read', 'client_ca', '-o', 'a.bin', '--port', port, ...more);
  const { code, stderr } = await read();
  assert.equal(code, 1);
  assert.match(stderr, /^error\[file-exists\]: a\.bin exists already\n.*\n {2}→ add --force to replace it/);
  assert.equal(readFileSync(join(cwd, 'a.bin'), 'utf8'), 'mine');
  assert.deepEqual(chip.commands, []);
  assert.equal((await read('--force')).code, 0);
  assert.equal(readFileSync(join(cwd, 'a.bin')).length, 8192);
});

test('of several, all are written or none', async (t) => {
  const { port } = await servedBoard(t);
  const cwd = scratch(t);
  const { code, stderr } = await atPki(cwd, 'read', 'client_ca', 'client_crt', 'wss', '-o', 'dump', '--port', port);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error\[usage\]: the device has no partition "client_crt"\n {2}→ did you mean "client_cert"\? /,
  );
  assert.match(stderr, /\nerror\[usage\]: the device has no partition "wss"\n {2}→ the device has client_ca, .*ota_0/);
  assert.equal(existsSync(join(cwd, 'dump')), false);
});

const misuse: [argv: string[], message: RegExp][] = [
  [['client_ca'], /^error\[usage\]: read needs a file or folder to write to\n {2}→ add -o FILE/],
  [['-o', 'a.bin'], /^error\[usage\]: nothing says what is to be read\n/],
  [['0x8000:', '-o', 'a'], /^error\[usage\]: "0x8000:" is no range of the flash\n {2}→ OFFSET:SIZE, .*0x8000:4K/],
  [['0x8000:0', '-o', 'a'], /^error\[usage\]: "0x8000:0" is no range/],
  [['8000:4G', '-o', 'a'], /^error\[usage\]: "8000:4G" is no range/],
  [['client_ca', '-o', 'a', '--table-offset', 'x'], /^error\[usage\]: --table-offset takes an offset such as 0x8000;/],
  [['client_ca', '-o', 'a', '--after', 'x'], /^error\[usage\]: --after takes hard-reset or no-reset;/],
];
for (const [argv, message] of misuse) {
  test(`misuse: read ${argv.join(' ')}`, async (t) => {
    const { code, stderr } = await atPki(scratch(t), 'read', ...argv, '--port', 'socket://127.0.0.1:1');
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
}

test('a range beyond the flash is wrong use; a partition beyond it, a wrong device', async (t) => {
  const { run } = await servedBoard(t, { flashSize: 2 ** 20 });
  const cwd = scratch(t);
  const range = await run(cwd, 'read', '0xff000:8K', '-o', 'a.bin');
  assert.equal(range.code, 2);
  assert.match(
    range.stderr,
    /^error\[usage\]: 0xff000:8K \(0xff000 to 0x100fff\) reaches 4,096 bytes beyond the flash of this chip, which has 1M\n/,
  );
  const partition = await run(cwd, 'read', 'ota_0', '-o', 'a.bin');
  assert.equal(partition.code, 3);
  assert.match(partition.stderr, /^error\[flash-too-small\]: ota_0 .* beyond the flash of this chip/);
  assert.deepEqual(readdirSync(cwd), []);
});

test('a device without tables has no names, but ranges all the same', async (t) => {
  const { run } = await servedBoard(t, { flash: new Uint8Array(0) });
  const cwd = scratch(t);
  for (const argv of [['client_ca', '-o', 'a.bin'], []]) {
    const { code, stdout, stderr } = await run(cwd, 'read', ...argv);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(
      stderr,
      /^error\[device-table-missing\]: the device has no partition table at 0x8000, 0xc000 and 0x10000\n {2}→ .*--table-offset, or read ranges/,
    );
  }
  assert.equal((await run(cwd, 'read', '0x8000:4K', '-o', 'a.bin')).code, 0);
});

test('a device without the table of certificates: the others are there, and it is said', async (t) => {
  const flash = clientFlash(t).fill(0xff, 0x20000, 0x21000);
  const { port } = await servedBoard(t, { flash });
  const { code, stdout, stderr } = await atPki(scratch(t), 'read', '--port', port);
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}ota_0 /m);
  assert.match(
    stderr,
    /^warning\[device-table-missing\]: the table at_customize of the device is not there \(at 0x20000\)\n/,
  );
});

test('--table-offset finds a table that lies elsewhere, and the config may say so, and more', async (t) => {
  const flash = clientFlash(t);
  flash.copyWithin(0xe000, 0x8000, 0x9000).fill(0xff, 0x8000, 0x9000);
  const { run } = await servedBoard(t, { flash });
  const cwd = scratch(t);
  const read = (...more: string[]) => run(cwd, 'read', 'client_ca', '-o', 'a.bin', '--force', ...more);
  assert.equal((await read()).code, 3);
  assert.equal((await read('--table-offset', '0xe000')).code, 0);

  const partitions = { x: { size: '4K', files: 'x' } };
  const configure = (settings: object) =>
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions, flash: settings }));
  const settings = { partitionTable: '0xe000', mac: '34:85:18:0a:0b:0c' };
  configure(settings);
  assert.equal((await read()).code, 0);
  configure({ ...settings, mac });
  const other = await read();
  assert.equal(other.code, 3);
  assert.match(other.stderr, /^error\[chip-mismatch\]: the MAC address of the board is 34:85:18:0a:0b:0c, and a0:/);
  configure({ ...settings, bad: 1 });
  assert.match((await read()).stderr, /^error\[config-property\]/);
});

test('the port, too, may stand in the config', async (t) => {
  const { port } = await servedBoard(t);
  const cwd = scratch(t);
  const partitions = { x: { size: '4K', files: 'x' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions, flash: { port } }));
  assert.equal((await atPki(cwd, 'read', 'client_ca', '-o', 'a.bin')).code, 0);
});

test('a checkout that does not tell its module is no obstacle', async (t) => {
  const { port } = await servedBoard(t);
  const cwd = scratch(t);
  for (const name of ['components/customized_partitions', 'module_config/module_a', 'module_config/module_b']) {
    mkdirSync(join(cwd, name), { recursive: true });
  }
  const { code, stderr } = await atPki(cwd, 'read', 'client_ca', '-o', 'a.bin', '--port', port);
  assert.deepEqual([code, stderr], [0, '']);
});

test('another chip than --chip says is refused', async (t) => {
  const { port } = await servedBoard(t);
  const { code, stderr } = await atPki(scratch(t), 'read', '--chip', 'esp32', '--port', port);
  assert.equal(code, 3);
  assert.match(stderr, /^error\[chip-mismatch\]: the board has an ESP32-C3, and this is for esp32\n/);
});

test('an encrypted flash is read as it is, with a warning; secure boot hides nothing', async (t) => {
  const { port } = await servedBoard(t, { flashEncryption: true, secureBoot: true });
  const { code, stderr } = await atPki(scratch(t), 'read', '0x21000:8K', '-o', 'a.bin', '--port', port);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^warning\[chip-locked\]: flash encryption is on in this ESP32-C3: what is read of its flash is/,
  );
  assert.equal(stderr.match(/chip-locked/g)?.length, 1);
});

test('secure download mode lets nobody read', async (t) => {
  const { port } = await servedBoard(t, { secureDownload: true });
  const { code, stderr } = await atPki(scratch(t), 'read', '--port', port);
  assert.equal(code, 3);
  assert.match(stderr, /^error\[chip-locked\]: this ESP32-C3 is in secure download mode/);
});

test('nobody there: exit 3, no file', async (t) => {
  const cwd = scratch(t);
  const { code, stdout } = await atPki(cwd, 'read', 'flash', '-o', 'a.bin', '--json', '--port', 'socket://127.0.0.1:1');
  assert.equal(code, 3);
  const { ok, files, diagnostics } = JSON.parse(stdout) as { ok: boolean; files: []; diagnostics: { code: string }[] };
  assert.deepEqual([ok, files, diagnostics.map((one) => one.code)], [false, [], ['port-unreachable']]);
  assert.deepEqual(readdirSync(cwd), []);
});

test('Ctrl-C in the middle: exit 130, no file, half or whole', async (t) => {
  const { port } = await servedBoard(t, { timing: true });
  const cwd = scratch(t);
  const controller = new AbortController();
  let shown = '';
  const heard = ({ stderr }: { stderr: string }) => {
    shown = stderr;
    if (/reading [1-9]\d* %/.test(stderr)) controller.abort();
  };
  const terminal = { isTTY: true, columns: 100 };
  const { code } = await atPkiIn(
    { cwd, terminal, signal: controller.signal, heard },
    ...['read', 'client_ca', 'flash', '-o', 'dump', '--port', port],
  );
  assert.equal(code, 130);
  assert.match(shown, /interrupted; no file was written/);
  assert.deepEqual(readdirSync(cwd), []);
});

test('the cable pulled in the middle: no file, exit 3', async (t) => {
  const { chip, port } = await servedBoard(t);
  const cwd = scratch(t);
  chip.faults.add({ kind: 'cut', side: 'toHost', at: 500_000 });
  const { code, stderr } = await atPki(cwd, 'read', 'client_ca', 'flash', '-o', 'dump', '--port', port);
  assert.equal(code, 3);
  assert.match(stderr, /^error\[port-lost\]/);
  assert.deepEqual(readdirSync(cwd), []);
});
