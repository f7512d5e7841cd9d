import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../src/checks/index.ts';
import { growsLinearly } from '../support/growth.ts';
import { manySlots } from '../support/many-slots.ts';

test('certificates with their keys are checked in time in line with their number', async () => {
  await growsLinearly(10, (count) => {
    const slots = manySlots(count);
    return () => {
      const found = runChecks(slots());
      // Four keys for all slots.
      assert.deepEqual([...new Set(found.map(({ code }) => code))], ['same-key-twice']);
    };
  });
});
