import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { atpki } from '../../src/formats/atpki/format.ts';
import { describe } from '../../src/pki/describe.ts';
import { fixtures } from '../support/paths.ts';
import { pemBlocks } from '../support/pem.ts';

const bins = ['client_cert', 'client_key', 'three_lengths_mod_4', 'mixed_types_interleaved', 'empty_file'].map((name) =>
  readFileSync(join(fixtures, `golden/atpki/${name}.bin`)),
);

/** A bin with bytes changed, cut out, doubled and put in; its header made to fit again every other time. */
const mutated = fc
  .record({
    bin: fc.constantFrom(...bins),
    edits: fc.array(fc.record({ at: fc.nat(4000), value: fc.nat(255), header: fc.boolean() }), { maxLength: 4 }),
    cut: fc.option(fc.tuple(fc.nat(4000), fc.nat(40)), { nil: undefined, freq: 1 }),
    inserted: fc.option(fc.tuple(fc.nat(4000), fc.uint8Array({ maxLength: 40 })), { nil: undefined, freq: 1 }),
    length: fc.option(fc.nat(5000), { nil: undefined, freq: 1 }),
    honest: fc.boolean(),
  })
  .map(({ bin, edits, cut, inserted, length, honest }) => {
    let bytes = Buffer.from(bin);
    for (const { at, value, header } of edits) bytes[at % (header ? 12 : bytes.length)] = value;
    if (cut) bytes = Buffer.concat([bytes.subarray(0, cut[0]), bytes.subarray(cut[0] + cut[1])]);
    if (inserted) bytes = Buffer.concat([bytes.subarray(0, inserted[0]), inserted[1], bytes.subarray(inserted[0])]);
    bytes = Buffer.from(bytes.subarray(0, length));
    // Else nearly all would be refused at the length in the header.
    if (honest && bytes.length >= 8) bytes.writeUInt32LE(bytes.length - 8, 4);
    return bytes;
  });

const random = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(80))
  .map(([body, items]) =>
    Buffer.concat([Buffer.from([0xf1, 0xf1, items, 0, body.length & 255, body.length >> 8, 0, 0]), body]),
  );

test('100,000 random and mutated bins: decoded within their bounds, or refused at an offset within them', () => {
  let decodedOnes = 0;
  fc.assert(
    fc.property(fc.oneof(mutated, random, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      const before = Buffer.from(bytes);
      const decoded = atpki.decode(bytes);
      assert.ok(before.equals(bytes), 'the input was changed');
      if (!decoded.ok) {
        assert.ok(decoded.error.offset >= 0 && decoded.error.offset <= bytes.length);
        return;
      }
      decodedOnes++;
      let next = 8;
      for (const { offset, length, bytes: content } of decoded.value) {
        assert.equal(offset, next);
        assert.equal(content.length, length);
        // A view of the input: no memory that a field asked for.
        assert.equal(content.buffer, bytes.buffer);
        next = offset + 4 + Math.ceil(length / 4) * 4;
      }
      assert.equal(next, bytes.length);
    }),
    { numRuns: 100_000 },
  );
  assert.ok(decodedOnes > 1000, `only ${decodedOnes} bins were whole: the mutations are too wild to test anything`);
});

test('65,535 items without content, and 64 MiB of nonsense, take memory linear in their size', () => {
  const items = 0xffff;
  const bin = Buffer.alloc(8 + items * 4);
  bin.writeUInt16LE(0xf1f1, 0);
  bin.writeUInt16LE(items, 2);
  bin.writeUInt32LE(items * 4, 4);
  for (let at = 8; at < bin.length; at += 4) bin[at] = 1;
  const decoded = atpki.decode(bin);
  assert.ok(decoded.ok);
  assert.equal(decoded.value.length, items);

  const huge = Buffer.alloc(64 << 20, 1);
  huge.writeUInt16LE(0xf1f1, 0);
  huge.writeUInt32LE(huge.length - 8, 4);
  const before = process.memoryUsage().heapUsed;
  atpki.decode(huge);
  assert.ok(process.memoryUsage().heapUsed - before < 4 * huge.length);
});

test('descriptions of random and mutated certificates and keys never throw', () => {
  const files = [
    'good.crt',
    'good.key',
    'der.crt',
    'der.key',
    'encrypted_pkcs8.key',
    'chain_leaf_first.pem',
    'secp521r1.key',
  ].map((name) => readFileSync(join(fixtures, 'pki/faults', name)));
  const damaged = fc
    .tuple(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 6 }), fc.nat(3000))
    .map(([file, edits, length]) => {
      const bytes = Buffer.from(file.subarray(0, Math.max(1, length)));
      for (const [at, value] of edits) bytes[at % bytes.length] = value;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 100 })), (bytes) => {
      for (const { what } of describe(bytes)) assert.ok(what.length < 100);
    }),
    { numRuns: 20_000 },
  );
});

test('megabytes of unfinished PEM blocks are read in one pass', () => {
  for (const unit of ['-----BEGIN CERTIFICATE-----\n', '-----BEGIN ', '-----BEGIN A-----', '-----']) {
    assert.ok(pemBlocks(unit.repeat(200_000)).length <= 200_000);
  }
});
