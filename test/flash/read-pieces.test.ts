import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePiece } from '../../src/flash/pieces.ts';
import { readPieces } from '../../src/flash/read-pieces.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { type ChipName, chipKinds } from '../support/chip/chips.ts';
import { clientFlash, places } from '../support/served-board.ts';

const pieces = (...words: string[]) =>
  words.flatMap((word) => {
    const piece = parsePiece(word);
    return piece.ok ? [piece.value] : [];
  });

for (const name of Object.keys(chipKinds) as ChipName[]) {
  test(`${name}: what is read is what the flash holds, and the board runs its application again`, async (t) => {
    const chip = simulatedChip(t, { chip: name, flash: clientFlash(t) });
    const before = chip.flash.slice();
    const asked = pieces('client_ca', '0x1fffd:0x1007', '0:1');
    const { value, device, diagnostics } = await readPieces({ ...chip.access(), onPhase: () => {} }, asked);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      value?.map(({ name, offset, size, bytes }) => [name, offset, size, bytes.length]),
      [
        ['client_ca', places.client_ca, 0x2000, 0x2000],
        ['0x1fffd:0x1007', 0x1fffd, 0x1007, 0x1007],
        ['0:1', 0, 1, 1],
      ],
    );
    for (const { offset, size, bytes } of value ?? []) {
      assert.ok(Buffer.from(bytes).equals(before.subarray(offset, offset + size)));
    }
    assert.ok(Buffer.from(before).equals(chip.flash));
    assert.equal(device?.chip.toLowerCase().replace('-', ''), name);
    assert.ok(!chip.isPlugged);
    await chip.clock.sleep(10);
    assert.equal(chip.mode, 'app', 'the application runs');
    // The functions of the ROM that read the flash take whole words only.
    const reads = chip.commands.filter(({ op }) => op === 'readFlash');
    assert.ok(reads.every(({ offset = 0, size = 0 }) => offset % 4 === 0 && size % 4 === 0));
  });
}

test('left in its loader where that is asked for, so that the next reading finds it at once', async (t) => {
  const chip = simulatedChip(t, { flash: clientFlash(t) });
  const request = { ...chip.access(), onPhase: () => {}, after: 'no-reset' as const };
  await readPieces(request, pieces('client_ca'));
  assert.deepEqual([chip.mode, chip.baud], ['stub', 115200]);
  const { value } = await readPieces({ ...request, before: 'no-reset' }, pieces('client_key'));
  assert.equal(value?.length, 1);
});

test('progress goes from nothing to all, over all pieces', async (t) => {
  const chip = simulatedChip(t, { flash: clientFlash(t) });
  const steps: number[] = [];
  const totals = new Set<number>();
  const onPhase = (phase: object) => {
    if (!('done' in phase && 'total' in phase)) return;
    steps.push(Number(phase.done));
    totals.add(Number(phase.total));
  };
  await readPieces({ ...chip.access(), onPhase }, pieces('client_ca', 'client_cert', '0x1:2'));
  assert.deepEqual([...totals], [0x4002]);
  assert.deepEqual([steps[0], steps.at(-1)], [0, 0x4002]);
  assert.deepEqual(
    steps,
    steps.toSorted((a, b) => a - b),
  );
});
