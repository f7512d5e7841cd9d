import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { servedChip } from '../support/chip/chip.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { flashProject } from '../support/flash-project.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { session } from '../support/watch-session.ts';

/** A project, a board behind a port, and a source of the project. */
async function desk(t: Cleanup, chipOptions: { timing?: boolean } = {}) {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const chip = servedChip(t, { chip: 'esp32', flash, lines: false, ...chipOptions });
  const port = await serveOverTcp(t, chip);
  const [name = ''] = readdirSync(join(folder, 'raw_data/mqtt_ca'));
  const source = join(folder, 'raw_data/mqtt_ca', name);
  const holds = (partition: string): boolean => {
    const offset = { mqtt_ca: 0x2d000, client_ca: 0x21000 }[partition] ?? 0;
    const image = readFileSync(join(folder, `out/${partition}.bin`));
    return image.equals(chip.flash.subarray(offset, offset + image.length));
  };
  return { folder, chip, port, source, holds };
}

test('save a file, and the board has it; what is wrong never gets there', async (t) => {
  const { folder, chip, port, source, holds } = await desk(t);
  const watch = session(t, folder, ['--flash', '--port', port]);
  const { said } = watch;
  await until(() => said.stderr.includes('watching'), 'the first build');
  assert.match(said.stdout, /9 built · 9 flashed/);
  assert.ok(holds('mqtt_ca') && holds('client_ca'));

  chip.forget();
  appendFileSync(source, '\n');
  await until(() => said.stdout.includes('mqtt_ca flashed (1 sector)'), 'the flash');
  assert.match(said.stdout, /raw_data\/mqtt_ca\/\S+ → mqtt_ca\.bin built, mqtt_ca flashed \(1 sector\)/);
  assert.ok(holds('mqtt_ca'));
  assert.equal(new Set(chip.erasedSectors).size, 1);

  const good = readFileSync(source);
  const traffic = chip.traffic.toChip;
  writeFileSync(source, 'nonsense');
  await until(() => said.stdout.includes('1 error'), 'the error');
  writeFileSync(source, good);
  await until(() => said.stdout.includes('in order again'), 'the end of the error');
  assert.equal(chip.traffic.toChip, traffic, 'the board was not troubled: it has these images');
  const { code } = await watch.interrupt();
  assert.equal(code, 130);
});

test('a board that is gone for a while: said once for each save, and the next save brings it up to date', async (t) => {
  const { folder, chip, port, source, holds } = await desk(t);
  const watch = session(t, folder, ['--flash', '--port', port]);
  const { said } = watch;
  await until(() => said.stderr.includes('watching'), 'the first build');
  chip.faults.add({ kind: 'cut', side: 'toChip', at: 10, power: 'kept' });
  appendFileSync(source, '\n');
  await until(() => /error\[port-lost\]/.test(said.stderr), 'the loss');
  assert.match(said.stderr, /the next save tries again/);
  assert.ok(!holds('mqtt_ca'));
  appendFileSync(source, '\n');
  await until(() => said.stdout.includes('mqtt_ca flashed'), 'the flash');
  assert.ok(holds('mqtt_ca'));
  assert.equal((await watch.interrupt()).code, 130);
});

test('Ctrl-C in the middle of a flash ends watch and flash within a second', async (t) => {
  const { folder, chip, port } = await desk(t, { timing: true });
  const watch = session(t, folder, ['--flash', '--port', port, '--baud', '115200']);
  await until(() => chip.commands.some(({ op }) => op === 'flashDeflData'), 'the first block');
  const { code } = await watch.interrupt();
  assert.equal(code, 130);
  assert.match(watch.said.stderr, /interrupted; .* not finished/);
  await until(() => !chip.isPlugged, 'the port is closed');
});

test('--json: each build on a line, with what was flashed', async (t) => {
  const { folder, port, source } = await desk(t);
  const watch = session(t, folder, ['--flash', '--json', '--port', port, '--after', 'no-reset']);
  const lines = () => watch.said.stdout.split('\n').filter((line) => line !== '');
  await until(() => lines().length === 1, 'the first build');
  appendFileSync(source, '\n');
  await until(() => lines().length === 2, 'the second one');
  const [first, second] = lines().map((line) => JSON.parse(line));
  assert.equal(first.device.port, port);
  const flashed = second.partitions.filter((one: { flash?: { status: string } }) => one.flash?.status === 'written');
  assert.deepEqual(
    flashed.map(({ name }: { name: string }) => name),
    ['mqtt_ca'],
  );
  assert.equal(watch.said.stderr, '');
  await watch.interrupt();
});

test('a port without --flash is a mistake', async (t) => {
  const { folder, port } = await desk(t);
  const watch = session(t, folder, ['--port', port]);
  await until(() => watch.said.stderr.includes('--port is for --flash'), 'the message');
  assert.equal((await watch.interrupt()).code, 2);
});
