import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isError } from '../../src/core/diagnostics/diagnostic.ts';
import { flashBuild } from '../../src/flash/flash.ts';
import { readPieces } from '../../src/flash/read-pieces.ts';
import { buildProject } from '../../src/pipeline/build.ts';
import { servedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { registerDriver } from '../support/made-up-driver.ts';
import { registerScheme } from '../support/made-up-scheme.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

// What speaks with devices serves drivers and ports that it do not know.

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
    assert.deepEqual(Buffer.from(made.flash.subarray(offset, offset + image.length)), image);
  }
  const read = await readPieces({ driver: 'made-up', port, ...quiet }, [{ name: 'mqtt_ca', what: 'partition' }]);
  const image = readFileSync(result.partitions.find(({ name }) => name === 'mqtt_ca')?.file ?? '');
  assert.deepEqual(Buffer.from(read.value?.[0]?.bytes.subarray(0, image.length) ?? []), image);
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
