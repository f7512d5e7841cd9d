import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { identify } from '../../src/formats/identify.ts';
import { derToPem } from '../../src/pki/to-pem.ts';
import { wrappingOf } from '../../src/pki/wrapping.ts';
import { growsLinearly } from '../support/growth.ts';
import { fixtures } from '../support/paths.ts';

const faults = join(fixtures, 'pki/faults');
const files = readdirSync(faults).map((name) => readFileSync(join(faults, name)));

test('any bytes are something', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      assert.ok(identify(bytes).what);
      derToPem(bytes);
    }),
  );
});

test('a damaged certificate or key never throws, and no message repeats what it holds', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'insert')), { maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...files), edits, (file, changes) => {
      let bytes = Buffer.from(file);
      for (const [where, byte, change] of changes) {
        const at = where % (bytes.length + 1);
        if (change === 'set' && at < bytes.length) bytes[at] = byte;
        if (change === 'cut') bytes = bytes.subarray(0, at);
        if (change === 'insert') bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)]);
      }
      for (const { problem = '' } of identify(bytes).objects) {
        assert.ok(problem.length < 200, problem);
        for (const line of bytes.toString('latin1').split(/\s+/)) {
          if (line.length === 64) assert.ok(!problem.includes(line.slice(0, 16)));
        }
      }
    }),
    { numRuns: 600 },
  );
});

test('what was done to a file is looked for in one pass', async () => {
  const units = [
    'BEGIN ',
    'BEGIN A',
    ' ',
    '"-----BEGIN A-----\\n',
    '\\n',
    '30 82 ',
    '[',
    'ENC[AES256_GCM,data:',
    'sops ',
  ];
  for (const unit of [...units, 'Certificate: ', 'ecdsa-sha2-', 'LS0t', '%20', '-----BEGIN+']) {
    await growsLinearly(0x2000, (size) => {
      const bytes = Buffer.from(unit.repeat(Math.ceil(size / unit.length)));
      return () => wrappingOf(bytes);
    });
  }
});

const hostile: [string, (size: number) => Buffer][] = [
  ['BEGIN lines', (size) => Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(size / 28))],
  ['blocks of one character', (size) => Buffer.from('-----BEGIN A-----*-----END A-----\n'.repeat(size / 34))],
  ['END lines', (size) => Buffer.from(`-----BEGIN CERTIFICATE-----\n${'-----END X-----\n'.repeat(size / 16)}`)],
  ['spaces', (size) => Buffer.from(`-----BEGIN CERTIFICATE-----${' '.repeat(size)}-----END CERTIFICATE-----`)],
  [
    'headers',
    (size) =>
      Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\nA: ${'\n \t'.repeat(size / 4)}\n-----END RSA PRIVATE KEY-----`),
  ],
  [
    'carriage returns',
    (size) => Buffer.from(`-----BEGIN CERTIFICATE-----\n${'\r'.repeat(size)}-----END CERTIFICATE-----`),
  ],
  ['NULLs in a SEQUENCE', (size) => tagged(0x30, Buffer.alloc(size, Buffer.of(5, 0)))],
  ['deep nesting', (size) => Buffer.from('3080'.repeat(size / 2), 'hex')],
  [
    'a huge RSA number',
    (size) => tagged(0x30, Buffer.concat([tagged(2, Buffer.of(0)), tagged(2, Buffer.alloc(size, 1))])),
  ],
  ['base64 without lines', (size) => Buffer.from(`MIIC${'A'.repeat(size)}`)],
  ['zeros', (size) => Buffer.alloc(size)],
];
for (const [name, bytesOf] of hostile) {
  test(`a file of ${name} is identified in time in line with its size`, async () => {
    await growsLinearly(0x4000, (size) => {
      const bytes = bytesOf(size);
      return () => identify(bytes);
    });
  });
}

/** A DER value with the shortest form of its length, the only one that DER allows. */
function tagged(tag: number, value: Uint8Array): Buffer {
  const length = value.length.toString(16);
  const bytes = Buffer.from(length.padStart(length.length + (length.length % 2), '0'), 'hex');
  const head = value.length < 0x80 ? bytes : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.of(tag, ...head), value]);
}
