import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { given } from '../../src/core/given.ts';
import { restoreBackup } from '../../src/flash/restore.ts';
import { decode } from '../../src/formats/nvs/decode.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { flash } from '../../src/index.ts';
import type { Build } from '../../src/pipeline/result.ts';
import { emptyResult } from '../../src/pipeline/result.ts';
import { servedChip, simulatedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import { serveOverTcp } from '../support/chip/tcp.ts';
import { flashProject } from '../support/flash-project.ts';
import { errorsIn, flashChip } from '../support/flash-run.ts';
import { scratch } from '../support/scratch.ts';

const flashed = ({ partitions }: Build) => partitions.map(({ name, flash }) => `${name} ${flash?.status}`);

/** The flash as it was, with the images of a result in it. */
function planned(before: Uint8Array, { partitions }: Build): Uint8Array {
  const flash = before.slice();
  for (const { offset = 0, file } of partitions) flash.set(readFileSync(file), offset);
  return flash;
}

const differs = (a: Uint8Array, b: Uint8Array): boolean => !Buffer.from(a).equals(b);

for (const name of Object.keys(chipKinds) as ChipName[]) {
  test(`${name}: a first flash writes the images and nothing else, a second one nothing`, async (t) => {
    const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: name });
    const chip = simulatedChip(t, { chip: name, flash });
    const before = chip.flash.slice();
    const first = await flashChip(folder, chip);
    assert.deepEqual(errorsIn(first), []);
    assert.ok(
      flashed(first).every((one) => one.endsWith(' written')),
      flashed(first).join(),
    );
    assert.ok(!differs(chip.flash, planned(before, first)));
    assert.equal(first.device?.chip.toLowerCase().replace('-', ''), name);
    chip.forget();
    const second = await flashChip(folder, chip);
    assert.ok(
      flashed(second).every((one) => one.endsWith(' same')),
      flashed(second).join(),
    );
    assert.deepEqual(chip.erasedSectors, []);
    assert.equal(second.device?.backup, undefined);
  });
}

test('one certificate changed: its sector alone is written, and the backup puts the old one back', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  await flashChip(folder, chip);
  const before = chip.flash.slice();
  const ca = join(folder, 'raw_data/mqtt_ca', readdirSync(join(folder, 'raw_data/mqtt_ca'))[0] ?? '');
  writeFileSync(ca, `${readFileSync(ca, 'utf8')}\n`);
  chip.forget();
  const result = await flashChip(folder, chip);
  assert.deepEqual(
    flashed(result).filter((one) => !one.endsWith('same')),
    ['mqtt_ca written'],
  );
  const partition = result.partitions.find(({ name }) => name === 'mqtt_ca');
  assert.deepEqual([...new Set(chip.erasedSectors)], [(partition?.offset ?? 0) / 4096]);
  const { md5: _, ...written } = given({ ...partition?.flash });
  assert.deepEqual(written, { status: 'written', sectorsErased: 1, bytesWritten: 4096, bytesSkipped: 0 });

  const backup = result.device?.backup ?? '';
  assert.equal(statSync(join(backup, 'backup.json')).mode & 0o777, 0o600);
  const request = { device: {}, full: false, updateTable: false, backup: false, force: false, now: () => new Date() };
  const restored = await restoreBackup(backup, emptyResult('flash', folder, []), {
    ...{ ...request, onPhase: () => {}, ...chip.access() },
  });
  assert.deepEqual(errorsIn(restored), []);
  assert.ok(!differs(chip.flash, before));

  const other = simulatedChip(t, { chip: 'esp32', flash, mac: 'aa:aa:aa:aa:aa:aa' });
  const refused = await restoreBackup(backup, emptyResult('flash', folder, []), {
    ...{ ...request, onPhase: () => {}, ...other.access() },
  });
  assert.deepEqual(errorsIn(refused), ['chip-mismatch']);
});

test('before the first byte: whatever is wrong with board or plan is said, and nothing is written', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const moved = flashProject(scratch(t), 'nvs').flash;
  const cases: [string, Parameters<typeof simulatedChip>[1], Parameters<typeof flashChip>[2], string][] = [
    ['another chip', { chip: 'esp32c3', flash }, {}, 'chip-mismatch'],
    [
      'another chip than on the command line',
      { chip: 'esp32', flash },
      { device: { chip: 'esp32c6' } },
      'chip-mismatch',
    ],
    ['another board', { chip: 'esp32', flash }, { device: { mac: '00:11:22:33:44:55' } }, 'chip-mismatch'],
    ['flash encryption', { chip: 'esp32', flash, flashEncryption: true }, {}, 'chip-locked'],
    ['secure boot', { chip: 'esp32', flash, secureBoot: true }, {}, 'chip-locked'],
    ['another table', { chip: 'esp32', flash: moved }, {}, 'device-table'],
    ['no table', { chip: 'esp32' }, {}, 'device-table-missing'],
  ];
  for (const [what, options, request, code] of cases) {
    await t.test(what, async (t) => {
      const chip = simulatedChip(t, options);
      const before = chip.flash.slice();
      const result = await flashChip(folder, chip, request);
      assert.ok(errorsIn(result).includes(code), errorsIn(result).join());
      assert.ok(!differs(chip.flash, before));
      assert.equal(chip.isPlugged, false, 'the port is closed');
    });
  }
});

test('an error of the build: the device is not even looked for', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  writeFileSync(join(folder, 'raw_data/mqtt_ca', readdirSync(join(folder, 'raw_data/mqtt_ca'))[0] ?? ''), 'nonsense');
  const result = await flashChip(folder, chip);
  assert.ok(errorsIn(result).length > 0);
  assert.equal(result.device, undefined);
  assert.equal(chip.traffic.toChip, 0);
});

test('--update-table writes the table along with the images', async (t) => {
  const { folder, flash } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const other = flashProject(scratch(t), 'nvs').flash;
  const chip = simulatedChip(t, { chip: 'esp32', flash: other });
  const result = await flashChip(folder, chip, { updateTable: true });
  assert.deepEqual(errorsIn(result), []);
  assert.ok(!differs(chip.flash.subarray(0x20000, 0x21000), flash.subarray(0x20000, 0x21000)));
  assert.equal(result.table?.flash?.status, 'written');
});

test('values that only the device has: refused, kept, replaced, as it is said', async (t) => {
  const { folder, flash, range } = flashProject(scratch(t), 'nvs');
  const chip = simulatedChip(t, { chip: 'esp32', flash });
  await flashChip(folder, chip);
  const plan = chip.flash.slice(range.offset, range.offset + range.size);
  // AT+SYSMFG=2,"mine","serial",7,… on the device.
  const held = decode(plan);
  assert.ok(held.ok);
  const own = { namespace: 'mine', key: 'serial', type: 'string', value: 'A-0815' } as const;
  const more = encode({ entries: [...held.value.entries, own] }, { size: range.size });
  assert.ok(more.ok);
  chip.flash.set(more.value.image, range.offset);

  const upToDate = await flashChip(folder, chip);
  assert.deepEqual(errorsIn(upToDate), []);
  assert.deepEqual(flashed(upToDate), ['mfg_nvs same']);
  assert.equal(upToDate.partitions[0]?.flash?.valuesKept, 1);

  const ca = join(folder, 'raw_data/mqtt_ca', readdirSync(join(folder, 'raw_data/mqtt_ca'))[0] ?? '');
  writeFileSync(ca, `${readFileSync(ca, 'utf8')}\n`);
  const before = chip.flash.slice();
  const refused = await flashChip(folder, chip);
  assert.deepEqual(errorsIn(refused), ['device-values']);
  assert.deepEqual(flashed(refused), ['mfg_nvs undefined'], 'nothing is claimed of it');
  assert.ok(!differs(chip.flash, before));

  const kept = await flashChip(folder, chip, { values: 'merge' });
  assert.deepEqual(errorsIn(kept), []);
  const now = decode(chip.flash.slice(range.offset, range.offset + range.size));
  assert.ok(now.ok);
  assert.deepEqual(
    now.value.entries.filter(({ namespace }) => namespace === 'mine'),
    [own],
  );
  assert.deepEqual(flashed(await flashChip(folder, chip)), ['mfg_nvs same'], 'and stays so');

  const asked: string[] = [];
  writeFileSync(ca, `${readFileSync(ca, 'utf8')}\n`);
  const choose = async (question: string) => {
    asked.push(question);
    return 'replace';
  };
  const replaced = await flashChip(folder, chip, { choose });
  assert.deepEqual(errorsIn(replaced), []);
  assert.match(asked.join(), /mine\/serial \(string, 6 bytes\)/);
  assert.ok(!asked.join().includes('0815'), 'the value is not shown');
  assert.ok(!differs(chip.flash, planned(before, replaced)));
});

test('the library: the report of --json, and how far it is', async (t) => {
  const { folder, flash: content } = flashProject(scratch(t), 'atpki', { chip: 'esp32' });
  const chip = servedChip(t, { chip: 'esp32', flash: content, lines: false });
  const port = await serveOverTcp(t, chip);
  const steps: string[] = [];
  const onProgress = (phase: string, done: number, total: number) => void steps.push(`${phase} ${done} of ${total}`);
  const report = await flash({ cwd: folder, port, chip: 'esp32', mac: '34:85:18:0A:0B:0C', onProgress });
  assert.equal(report.ok, true, JSON.stringify(report.diagnostics));
  assert.deepEqual([report.command, report.device?.port], ['flash', port]);
  assert.ok(report.partitions.every((one) => one.flash?.status === 'written'));
  assert.ok(steps.includes('write 36864 of 36864') && steps.includes('verify 36864 of 36864'), steps.join());
  const ended = await flash({ cwd: folder, port, signal: AbortSignal.abort() });
  assert.deepEqual(
    ended.diagnostics.map(({ code }) => code),
    ['interrupted'],
  );
});
