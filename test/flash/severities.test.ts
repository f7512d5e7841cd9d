import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level } from '../../src/checks/severity.ts';
import { decode } from '../../src/formats/nvs/decode.ts';
import { encode } from '../../src/formats/nvs/encode.ts';
import { simulatedChip } from '../support/chip/chip.ts';
import { flashProject } from '../support/flash-project.ts';
import { flashChip } from '../support/flash-run.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

/** A project, and a chip that holds a value in place of the image. */
async function boardWithValue(t: Cleanup) {
  const project = flashProject(scratch(t), 'nvs');
  const chip = simulatedChip(t, { chip: 'esp32', flash: project.flash });
  const image = encode({ entries: [{ namespace: 'mine', key: 'n', type: 'u8', value: 7 }] }, project.range);
  assert.ok(image.ok);
  chip.flash.set(image.value.image, project.range.offset);
  const flash = async (level: Level | undefined) => {
    const options = { levels: level === undefined ? {} : { 'values-replaced': level } };
    const { diagnostics } = await flashChip(project.folder, chip, { values: 'overwrite' }, options);
    return diagnostics.filter(({ code }) => code === 'values-replaced');
  };
  const hasValue = (): boolean => {
    const held = decode(chip.flash.slice(project.range.offset, project.range.offset + project.range.size));
    return held.ok && held.value.entries.some(({ namespace }) => namespace === 'mine');
  };
  return { flash, hasValue };
}

// Without it the values would be gone when their loss is called an error.
test('a note of the flash that is made an error keeps everything from being written', async (t) => {
  const { flash, hasValue } = await boardWithValue(t);
  const [note] = await flash('error');
  assert.equal(note?.severity, 'error');
  assert.match(note.message, /; nothing was written, since this is an error here$/);
  assert.ok(hasValue());
});

test('a note of the flash that is off is not said', async (t) => {
  const { flash, hasValue } = await boardWithValue(t);
  assert.deepEqual(await flash('off'), []);
  assert.ok(!hasValue());
});
