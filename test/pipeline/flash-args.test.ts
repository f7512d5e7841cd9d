import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { flashArgs, flasherArgsJson } from '../../src/pipeline/flash-args.ts';
import { isInstalled, ran } from '../support/child.ts';

const folder = resolve('build', 'customized_partitions');
const image = (name: string, offset: number, file = `${name}.bin`) => ({ name, offset, file: resolve(folder, file) });
const images = [
  image('client_ca', 0x2e000),
  image('server_cert', 0x24000),
  image('at_customize', 0x20000, '../at_customize.bin'),
];
const settings = { chip: 'esp32', mode: 'dio', frequency: '40m', size: 4 * 1024 * 1024 };

test('flash_args has the settings, then the images in the order of their offsets, relative to its folder', () => {
  assert.equal(
    flashArgs(images, settings, folder),
    `--flash_mode dio --flash_freq 40m --flash_size 4MB
0x20000 ../at_customize.bin
0x24000 server_cert.bin
0x2e000 client_ca.bin
`,
  );
});

test('flasher_args.json is laid out as ESP-IDF lays it out', () => {
  assert.equal(
    flasherArgsJson(images, settings, folder),
    `{
    "write_flash_args" : [ "--flash_mode", "dio",
                           "--flash_size", "4MB",
                           "--flash_freq", "40m" ],
    "flash_settings" : {
        "flash_mode": "dio",
        "flash_size": "4MB",
        "flash_freq": "40m"
    },
    "flash_files" : {
        "0x20000" : "../at_customize.bin",
        "0x24000" : "server_cert.bin",
        "0x2e000" : "client_ca.bin"
    },
    "at_customize" : { "offset" : "0x20000", "file" : "../at_customize.bin", "encrypted" : "false" },
    "server_cert" : { "offset" : "0x24000", "file" : "server_cert.bin", "encrypted" : "false" },
    "client_ca" : { "offset" : "0x2e000", "file" : "client_ca.bin", "encrypted" : "false" },
    "extra_esptool_args" : {
        "after"  : "hard_reset",
        "before" : "default_reset",
        "stub"   : true,
        "chip"   : "esp32"
    }
}
`,
  );
});

test('what is not known is left to esptool: keep, and the chip that answers', () => {
  assert.equal(flashArgs([], {}, folder), '--flash_mode keep --flash_freq keep --flash_size keep\n');
  const parsed = JSON.parse(flasherArgsJson([], {}, folder));
  assert.deepEqual(parsed.flash_settings, { flash_mode: 'keep', flash_size: 'keep', flash_freq: 'keep' });
  assert.deepEqual(parsed.flash_files, {});
  assert.equal(parsed.extra_esptool_args.chip, 'auto');
});

test('the flash size is written as esptool knows it, or left out of it', () => {
  const sizeOf = (size: number) => / --flash_size (\S+)/.exec(flashArgs([], { size }, folder))?.[1];
  const sizes = [256, 512, 1024, 2048, 16384, 131072].map((size) => sizeOf(size * 1024));
  assert.deepEqual(sizes, ['256KB', '512KB', '1MB', '2MB', '16MB', '128MB']);
  for (const size of [0, 4096, 3 * 1024 * 1024, 4 * 1024 * 1024 + 1, 2 ** 28]) assert.equal(sizeOf(size), 'keep');
});

const awkward = [
  'plain.bin',
  'with spaces.bin',
  '客户端 证书.bin',
  '$(touch pwned);.bin',
  "the device's.bin",
  `'"'.bin`,
  '#1.bin',
  '-o.bin',
  '@flash_args',
  ...(process.platform === 'win32' ? [] : ['"quoted".bin', 'back\\slash.bin', '\\ \\']),
];
const awkwardImages = awkward.map((file, index) => image(`p${index}`, 0x1000 * index, file));
const meant = awkward.map((file, index) => [
  `0x${(0x1000 * index).toString(16)}`,
  file.startsWith('-') ? `./${file}` : file,
]);

test('names with spaces, quotes and the like are written so that esptool reads them back', (t) => {
  // What esptool does with an @file: shlex.split of each line.
  const script =
    'import json, shlex, sys; print(json.dumps([shlex.split(line) for line in sys.stdin.buffer.read().decode().splitlines(True)]))';
  const input = flashArgs(awkwardImages, {}, folder);
  if (!isInstalled('python3', '--version')) return t.skip('needs Python, as esptool does');
  const python = ran('python3', ['-c', script], { input });
  assert.deepEqual(JSON.parse(python.stdout).slice(1), meant);
});

test('a name is quoted only where it must be', () => {
  const lines = flashArgs(awkwardImages, {}, folder).split('\n');
  assert.equal(lines[1], '0x0 plain.bin');
  assert.equal(lines[2], "0x1000 'with spaces.bin'");
  assert.equal(lines[4], "0x3000 '$(touch pwned);.bin'");
  assert.equal(lines[5], `0x4000 'the device'"'"'s.bin'`);
  assert.equal(lines[8], '0x7000 ./-o.bin');
});

test('the JSON gives every name back as it is', () => {
  const parsed = JSON.parse(flasherArgsJson(awkwardImages, {}, folder));
  assert.deepEqual(Object.values(parsed.flash_files), awkward);
  assert.deepEqual(parsed.p1, { offset: '0x1000', file: 'with spaces.bin', encrypted: 'false' });
});
