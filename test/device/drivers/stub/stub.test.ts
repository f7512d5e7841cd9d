import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cancel } from '../../../../src/core/clock.ts';
import type { Port } from '../../../../src/device/connection.ts';
import { ops, Stub } from '../../../../src/device/drivers/stub/stub.ts';
import { chipTransport } from '../../../../src/device/drivers/stub/transport.ts';
import { simulatedTime } from '../../../support/simulated-time.ts';

const frame = (...bytes: number[]): Uint8Array => Uint8Array.of(0xc0, ...bytes, 0xc0);
const reply = (op: number, ...body: number[]): Uint8Array =>
  frame(1, op, body.length + 2, 0, 0, 0, 0, 0, ...body, 0, 0);
const md5Of = (byte: number): Uint8Array => reply(ops.md5, ...Array<number>(16).fill(byte));

test('a reply that comes late is never taken for that to the next question of its kind', async (t) => {
  const clock = simulatedTime(t);
  let syncs = 0;
  const port: Port = {
    name: 'late',
    hasLines: false,
    async open(_, { data }) {
      // The answer to a question before is held up; what is answered meanwhile comes behind it.
      const held = clock.sleep(200).then(() => data(md5Of(0xaa)));
      return {
        async write(bytes) {
          const op = bytes[2] ?? 0;
          if (op === ops.sync) {
            syncs++;
            // Of a question still earlier.
            data(reply(ops.sync));
          } else if (op === ops.md5) held.then(() => data(md5Of(0xbb)));
          else held.then(() => data(frame(1, op, 2, 0, 0, 0, 0, 0, 0xc3, 0)));
        },
        async setBaud() {},
        async setLines() {},
        async close() {},
      };
    },
  };
  const transport = chipTransport(await import('esptool-js/bundle.js'), port, clock);
  await transport.connect(115_200);
  const stub = new Stub(transport);
  assert.equal(await stub.resync(), true);
  assert.equal(syncs, 1);
  const sum = await stub.send({ what: 'verify', op: ops.md5, words: [0, 4096, 0, 0], reply: 16 });
  assert.equal(sum[0], 0xbb);
  await transport.disconnect();
});

test('frames that are no reply do not give the chip the whole time anew: a wait ends when it was to end', async (t) => {
  const clock = simulatedTime(t);
  let endChatter: Cancel | undefined;
  const port: Port = {
    name: 'chatty',
    hasLines: false,
    async open(_, { data }) {
      return {
        async write() {
          endChatter ??= clock.interval(21, () => data(frame(7, 7, 7, 7)));
        },
        async setBaud() {},
        async setLines() {},
        async close() {},
      };
    },
  };
  const transport = chipTransport(await import('esptool-js/bundle.js'), port, clock);
  await transport.connect(115_200);
  const asked = new Stub(transport).send({ what: 'verify', op: ops.md5, words: [0, 4096, 0, 0], timeout: 300 });
  await assert.rejects(asked, /could not verify/);
  assert.equal(clock.now(), 300);
  endChatter?.();
  await transport.disconnect();
});
