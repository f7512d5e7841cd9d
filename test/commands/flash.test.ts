import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { servedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import type { ChipOptions } from '../support/chip/options.ts';
import { serveOverPty } from '../support/chip/pty.ts';
import { serveOverRfc2217 } from '../support/chip/rfc2217.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { flashProject } from '../support/flash-project.ts';
import { canMakePty } from '../support/pty.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const names = Object.keys(chipKinds) as ChipName[];

/** A board behind a port without lines, in its loader. */
function board(t: Cleanup, options: ChipOptions) {
  const chip = servedChip(t, { lines: false, ...options });
  return chip;
}

describe('all chips, over TCP and over a terminal: written, verified, the same again, and read back', {
  concurrency: 3,
}, () => {
  for (const name of names) {
    for (const way of ['tcp', 'pty'] as const) {
      test(`${name} over ${way}`, { skip: way === 'pty' && !canMakePty ? 'no terminals here' : false }, async (t) => {
        const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: name });
        const chip = board(t, { chip: name, flash });
        const port = await (way === 'tcp' ? serveOverTcp(t, chip) : serveOverPty(t, chip));
        const first = await atPki(folder, 'flash', '--port', port, '--json');
        const report = JSON.parse(first.stdout);
        assert.equal(first.code, 0, first.stdout);
        assert.equal(report.device.port, port);
        assert.equal(report.partitions.length, 9);
        for (const { file, offset, flash: done } of report.partitions) {
          assert.equal(done.status, 'written');
          const image = readFileSync(join(folder, file));
          assert.ok(image.equals(chip.flash.subarray(offset, offset + image.length)));
        }
        const second = await atPki(folder, 'flash', '--port', port, '--before', 'no_reset');
        assert.equal(second.code, 0, second.stderr);
        assert.match(second.stdout, /9 on the device already/);
        const back = await atPki(folder, 'read', 'mqtt_ca', '-o', 'back.bin', '--port', port, '--before', 'no-reset');
        assert.equal(back.code, 0, back.stderr);
        assert.ok(readFileSync(join(folder, 'back.bin')).equals(chip.flash.subarray(0x2d000, 0x2f000)));
      });
    }
  }
});

test('what a person sees: the board, a row for each partition, where the backup is', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const port = await serveOverTcp(t, board(t, { chip: 'esp32', flash }));
  const { code, stdout, stderr } = await atPki(folder, 'build', '--flash', '--port', port);
  assert.deepEqual([code, stderr], [0, '']);
  const lines = stdout.split('\n');
  assert.equal(lines[0], `ESP32 34:85:18:0a:0b:0c · 4M flash · ${port}`);
  assert.match(stdout, /mqtt_key +0x31000 +8K .* written +1 sector written and verified/);
  assert.match(stdout, /9 built · 9 flashed · what was there: \.at-pki\/backup\/34-85-18-0a-0b-0c\/\S+ \(/);
  assert.equal(readFileSync(join(folder, '.at-pki/.gitignore'), 'utf8'), '*\n');
  const [time = ''] = readdirSync(join(folder, '.at-pki/backup/34-85-18-0a-0b-0c')).filter((one) => one !== 'last');

  const restored = await atPki(
    folder,
    'flash',
    '--restore',
    `.at-pki/backup/34-85-18-0a-0b-0c/${time}`,
    '--port',
    port,
  );
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(restored.stdout, /9 flashed/);
});

test('over RFC 2217 the board is reset into its loader, and starts its firmware in the end', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32c3' });
  const chip = servedChip(t, { chip: 'esp32c3', flash });
  assert.equal(chip.mode, 'app');
  const port = await serveOverRfc2217(t, chip);
  const { code, stdout, stderr } = await atPki(folder, 'flash', '--port', port, '--baud', '921600');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /9 flashed/);
  await until(() => chip.mode === 'app', 'the firmware runs');
  const again = await atPki(folder, 'flash', '--port', port);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /9 on the device already/);
});

test('progress is for terminals', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const port = await serveOverTcp(t, board(t, { chip: 'esp32', flash }));
  const terminal = { isTTY: true, columns: 80 };
  const { code, stderr } = await atPkiIn({ cwd: folder, terminal }, 'flash', '--port', port);
  assert.equal(code, 0);
  assert.match(stderr, /\rconnecting to socket:/);
  assert.match(stderr, /\rwriting \d+ % · [\d,]+ of 36,864 bytes/);
  assert.match(stderr, /\r +\r$/, 'and gone in the end');
});

test('an error of the device: exit code 3, in words', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32c3' });
  const port = await serveOverTcp(t, board(t, { chip: 'esp32', flash }));
  const { code, stderr } = await atPki(folder, 'flash', '--port', port);
  assert.equal(code, 3);
  assert.match(stderr, /error\[chip-mismatch\]: the board has an ESP32, and this is for esp32c3/);
  const nobody = await atPki(folder, 'flash', '--port', 'socket://127.0.0.1:1');
  assert.equal(nobody.code, 3);
  assert.match(nobody.stderr, /error\[port-unreachable\]/);
});

test('nothing came to the board: why stands there alone, without a table of what lies on the disk', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32c3' });
  const port = await serveOverTcp(t, board(t, { chip: 'esp32', flash }));
  for (const named of [port, 'socket://127.0.0.1:1']) {
    const { code, stdout, stderr } = await atPki(folder, 'flash', '--port', named);
    assert.equal(code, 3);
    assert.ok(!stdout.includes('mqtt_key'), stdout);
    assert.match(stderr, /\n✗ pki\.config\.json .*1 error/);
  }
});

test('a board with the firmware of another release: one error with what it has, the others named below', async (t) => {
  const { flash } = flashProject(scratch(t), 'nvs');
  const { folder } = flashProject(scratch(t), 'atpki');
  const port = await serveOverTcp(t, board(t, { chip: 'esp32', flash }));
  const { code, stderr } = await atPki(folder, 'flash', '--port', port);
  assert.equal(code, 3);
  assert.match(stderr, /: the device has no partition client_ca, only mfg_nvs; in the plan it is at 0x21000 \(8K\)\n/);
  assert.match(stderr, /\n {2}the same of client_cert, client_key, server_ca, server_cert and 4 more; --verbose/);
  assert.equal(stderr.match(/error\[/g)?.length, 1);
  assert.equal((await atPki(folder, 'flash', '--port', port, '--verbose')).stderr.match(/error\[/g)?.length, 9);
});

test('a backup that cannot be written: the report counts nothing as begun', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const chip = board(t, { chip: 'esp32', flash });
  const port = await serveOverTcp(t, chip);
  assert.equal((await atPki(folder, 'flash', 'mqtt_ca', '--port', port, '--no-backup')).code, 0);
  writeFileSync(join(folder, '.at-pki'), '');
  chip.forget();
  const { code, stdout } = await atPki(folder, 'flash', 'mqtt_ca', 'mqtt_key', '--port', port, '--json');
  assert.equal(code, 1);
  const { ok, partitions, diagnostics } = JSON.parse(stdout);
  assert.deepEqual([ok, diagnostics.length, diagnostics[0].code], [false, 1, 'write-failed']);
  assert.deepEqual(
    partitions.map(({ name, flash: done }: { name: string; flash?: { status: string } }) => [name, done?.status]),
    [
      ['mqtt_ca', 'same'],
      ['mqtt_key', undefined],
    ],
  );
  assert.deepEqual(chip.erasedSectors, []);
});

test('an error of the build: its exit code, and no device is looked for', async (t) => {
  const { folder } = flashProject(scratch(t), 'atpki');
  const ca = join(folder, 'raw_data/mqtt_ca', readdirSync(join(folder, 'raw_data/mqtt_ca'))[0] ?? '');
  writeFileSync(ca, 'nonsense');
  const { code, stderr } = await atPki(folder, 'flash', '--port', 'socket://127.0.0.1:1');
  assert.equal(code, 1);
  assert.ok(!stderr.includes('port-unreachable'));
});

test('Ctrl-C in the middle of a flash: exit code 130, and a second run completes', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'nvs');
  const chip = board(t, { chip: 'esp32', flash, timing: true });
  const port = await serveOverTcp(t, chip);
  const stop = new AbortController();
  const terminal = { isTTY: true, columns: 80 };
  const heard = ({ stderr }: { stderr: string }) => {
    if (/writing [1-9]/.test(stderr)) stop.abort();
  };
  const argv = ['flash', '--port', port, '--baud', '115200'];
  const { code, stderr } = await atPkiIn({ cwd: folder, terminal, signal: stop.signal, heard }, ...argv);
  assert.equal(code, 130);
  assert.match(stderr, /interrupted; mfg_nvs is not finished/);
  assert.match(stderr, /run it again: it goes on with what is missing; what was there is in .*\.at-pki/);
  const again = await atPki(folder, 'flash', '--port', port, '--before', 'no-reset');
  assert.equal(again.code, 0, again.stderr);
  const image = readFileSync(join(folder, 'out/mfg_nvs.bin'));
  assert.ok(image.equals(chip.flash.subarray(0x21000, 0x21000 + image.length)));
});

test('Ctrl-C while a server says nothing: the wait for it ends, and its connection', async (t) => {
  const { folder } = flashProject(scratch(t), 'atpki');
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const scheme of ['rfc2217', 'socket']) {
    const stop = new AbortController();
    const closed = once(server, 'connection').then(([socket]) => {
      stop.abort();
      socket.resume();
      return once(socket, 'close');
    });
    const argv = ['flash', '--port', `${scheme}://127.0.0.1:${port}`, '--json'];
    const { code, stdout } = await atPkiIn({ cwd: folder, signal: stop.signal }, ...argv);
    assert.equal(code, 130);
    assert.equal(JSON.parse(stdout).diagnostics[0].message, 'interrupted; nothing was written');
    await closed;
  }
});

test('options that contradict each other, or are not what they take', async (t) => {
  const { folder } = flashProject(scratch(t), 'atpki');
  for (const [argv, message] of [
    [['flash', '--baud', 'fast'], /--baud "fast" is not a rate/],
    [['flash', '--before', 'maybe'], /--before takes default-reset or no-reset/],
    [['flash', '--merge', '--overwrite'], /--merge and --overwrite/],
    [['flash', '--port', '127.0.0.1:4000'], /^error\[usage\]: 127\.0\.0\.1:4000 is no serial port\n.*socket:/],
    [['flash', '--port', 'http://x'], /ports are not reached by http/],
    [['flash', '--restore', 'x', 'mqtt_ca'], /takes no names/],
    [['flash', 'mqtt_cat'], /there is no partition "mqtt_cat"/],
    [['build', '--port', 'COM3'], /--port is for --flash/],
  ] as const) {
    const { code, stderr } = await atPki(folder, ...argv);
    assert.equal(code, 2, argv.join(' '));
    assert.match(stderr, message);
  }
  assert.ok(!existsSync(join(folder, 'out')), 'nothing was built before');
});
