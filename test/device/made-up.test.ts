import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { drivers } from '../../src/device/drivers/index.ts';
import { flashBuild } from '../../src/flash/flash.ts';
import { readPieces } from '../../src/flash/read-pieces.ts';
import { buildProject } from '../../src/pipeline/build.ts';
import { servedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { registerDriver, registerDriverWithoutFlash } from '../support/made-up-driver.ts';
import { registerScheme } from '../support/made-up-scheme.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';
import { servedBoard } from '../support/served-board.ts';

// What speaks with devices serves drivers and ports that it do not know.

const builtIn = Object.keys(drivers);
const quiet = { onPhase: () => {}, now: () => new Date() };

test('a driver that exists in tests alone flashes and reads', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const made = registerDriver(flash);
  const port = {
    name: 'nowhere',
    hasLines: false,
    open: () => Promise.reject(new Error('the driver does not open it')),
  };
  const built = await buildProject({ cwd: folder });
  const request = { full: false, updateTable: false, backup: false, port, ...quiet };
  const result = await flashBuild(built, { ...request, device: { driver: 'made-up' } });
  assert.deepEqual(result.diagnostics.filter(isError), []);
  for (const { name, file, offset = 0, flash: written } of result.partitions) {
    assert.equal(written?.status, 'written', name);
    const image = readFileSync(file);
    assert.deepEqual(Buffer.from(made.bytes.subarray(offset, offset + image.length)), image);
  }
  const read = await readPieces({ driver: 'made-up', port, ...quiet }, [{ name: 'mqtt_ca', what: 'partition' }]);
  const image = readFileSync(result.partitions.find(({ name }) => name === 'mqtt_ca')?.file ?? '');
  assert.deepEqual(Buffer.from(read.value?.[0]?.bytes.subarray(0, image.length) ?? []), image);
});

test('every command that needs the flash refuses a driver that does not reach it, in words, and closes the port', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const port = ['--port', 'socket://127.0.0.1:9'];
  registerDriver(flash);
  const flashed = await atPki(folder, 'flash', '--driver', 'made-up', ...port, '--json');
  assert.equal(flashed.code, 0, flashed.stdout);
  const { device, partitions } = JSON.parse(flashed.stdout);

  const closed: string[] = [];
  registerDriverWithoutFlash(closed);
  const words = 'error[device-feature]: the driver made-up can neither read nor write the flash of a device';
  const commands = [
    ['flash'],
    ['flash', '--restore', device.backup],
    ['read'],
    ['read', 'mqtt_ca', '-o', 'ca.bin'],
    ['inspect', 'mqtt_ca'],
    ['extract', 'mqtt_ca', '-o', 'out'],
    ['diff', 'mqtt_ca', partitions[0].file],
  ];
  for (const command of commands) {
    const { code, stderr } = await atPki(folder, ...command, '--driver', 'made-up', ...port);
    assert.equal(code, 2, `${command}: ${stderr}`);
    assert.ok(stderr.includes(words), `${command}: ${stderr}`);
    assert.match(stderr, /→ choose one that can: --driver stub/);
  }
  const end = new AbortController();
  const heard = ({ stderr }: { stderr: string }) => stderr.includes(words) && end.abort();
  await atPkiIn({ cwd: folder, signal: end.signal, heard }, 'watch', '--flash', '--driver', 'made-up', ...port);
  assert.deepEqual(closed, Array(commands.length + 1).fill('hard-reset'));
});

test('--help names the drivers that there are', async (t) => {
  const { stdout } = await atPki(scratch(t), 'flash', '--help');
  const help = /--driver NAME(.*)/.exec(stdout)?.[1] ?? '';
  for (const name of builtIn) assert.match(help, new RegExp(`\\b${name}\\b`));
});

test('a driver is chosen by a name that the registry has', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { flash: { esptool: ['no-such-esptool'] } });
  const unknown = await atPki(folder, 'read', '--driver', 'constructor');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no driver "constructor"\n {2}→ the drivers are stub, esptool\b/);
  const both = await atPki(folder, 'read', '--driver', 'stub', '--esptool', 'esptool');
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--esptool is not for the driver stub: leave out one of the two/);
  const { run } = await servedBoard(t, { chip: 'esp32', flash });
  const own = await run(folder, 'read', '--driver', 'stub');
  assert.equal(own.code, 0, `the esptool of the config is not run: ${own.stderr}`);
});

test('a scheme that exists in tests alone is a port of every command, and of the config', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { flash: { port: 'made-up://config:1' } });
  const chip = servedChip(t, { chip: 'esp32', flash });
  const asked: string[] = [];
  registerScheme((host) => {
    asked.push(host);
    return chip.port();
  });
  const flashed = await atPki(folder, 'flash', '--port', 'made-up://bench:1', '--no-backup');
  assert.equal(flashed.code, 0, flashed.stderr);
  const inspected = await atPki(folder, 'inspect', '--port', 'made-up://desk:1', 'mqtt_ca');
  assert.match(inspected.stdout, /^mqtt_ca on the device: atpki, /);
  const read = await atPki(folder, 'read', '--port', 'made-up://shelf:1', 'mqtt_ca', '-o', 'read.bin');
  assert.equal(read.code, 0, read.stderr);
  const byConfig = await atPki(folder, 'read', 'mqtt_key', '-o', 'key.bin');
  assert.equal(byConfig.code, 0, byConfig.stderr);
  assert.deepEqual(asked, ['bench', 'desk', 'shelf', 'config']);
  const refused = await atPki(folder, 'flash', '--port', 'other://bench:1');
  assert.match(refused.stderr, /ports are not reached by other:\/\//);
});
