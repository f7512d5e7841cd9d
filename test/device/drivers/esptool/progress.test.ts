import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProgress, writeProgress } from '../../../../src/device/drivers/esptool/progress.ts';

test('how far a read is stands in its lines, of either version', () => {
  assert.equal(readProgress('20480 (15 %)'), 20480);
  assert.equal(readProgress('Reading from 0x00005000 [====>     ]  15.6% 20480/131072 bytes...'), 20480);
  assert.equal(readProgress('Read 131072 bytes at 0x00000000 in 1.0 seconds (1049.1 kbit/s)...'), undefined);
});

const runs = [0x20000, 0x22000, 0x30000].map((offset) => ({ offset, bytes: new Uint8Array(0x2000) }));
const total = 0x6000;

const outputs = {
  4: [
    'Flash will be erased from 0x00020000 to 0x00021fff...',
    'Writing at 0x00020000... (100 %)',
    'Wrote 8192 bytes (1024 compressed) at 0x00020000 in 0.1 seconds (effective 609.9 kbit/s)...',
    'Writing at 0x00022000... (100 %)',
    'Wrote 8192 bytes (1024 compressed) at 0x00022000 in 0.1 seconds (effective 609.9 kbit/s)...',
    'Writing at 0x00030000... (50 %)',
    'Writing at 0x00031000... (100 %)',
    'Wrote 8192 bytes (8200 compressed) at 0x00030000 in 0.1 seconds (effective 609.9 kbit/s)...',
  ],
  5: [
    'Writing at 0x00020000 [                              ]   0.0% 0/1024 bytes...',
    'Writing at 0x00022000 [==============================] 100.0% 1024/1024 bytes...',
    'Wrote 8192 bytes (1024 compressed) at 0x00020000 in 0.1 seconds (609.9 kbit/s).',
    'Wrote 8192 bytes at 0x00022000 in 0.1 seconds (609.9 kbit/s).',
    'Writing at 0x00031000 [==============>               ]  50.0% 4096/8192 bytes...',
    'Writing at 0x00032000 [==============================] 100.0% 8192/8192 bytes...',
    'Wrote 8192 bytes at 0x00030000 in 0.1 seconds (609.9 kbit/s).',
  ],
};
for (const [version, lines] of Object.entries(outputs)) {
  test(`how far a write is in the output of version ${version}: only forward, to the end`, () => {
    const told: number[] = [];
    const hear = writeProgress(runs, (done, all) => {
      assert.equal(all, total);
      told.push(done);
    });
    for (const line of lines) hear(line);
    assert.deepEqual(told, [0, 0x2000, 0x4000, 0x5000, 0x6000]);
  });
}
