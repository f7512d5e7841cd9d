import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { identify } from '../../src/pki/identify.ts';
import { derToPem } from '../../src/pki/to-pem.ts';
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

const size = 1024 * 1024;
const hostile: [string, Buffer][] = [
  ['BEGIN lines', Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(size / 28))],
  ['blocks of one character', Buffer.from('-----BEGIN A-----*-----END A-----\n'.repeat(size / 34))],
  ['END lines', Buffer.from(`-----BEGIN CERTIFICATE-----\n${'-----END X-----\n'.repeat(size / 16)}`)],
  ['spaces', Buffer.from(`-----BEGIN CERTIFICATE-----${' '.repeat(size)}-----END CERTIFICATE-----`)],
  [
    'headers',
    Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\nA: ${'\n \t'.repeat(size / 4)}\n-----END RSA PRIVATE KEY-----`),
  ],
  ['carriage returns', Buffer.from(`-----BEGIN CERTIFICATE-----\n${'\r'.repeat(size)}-----END CERTIFICATE-----`)],
  ['NULLs in a SEQUENCE', Buffer.concat([Buffer.from('3083100000', 'hex'), Buffer.alloc(size, Buffer.of(5, 0))])],
  ['deep nesting', Buffer.from('3080'.repeat(size / 2), 'hex')],
  ['a huge RSA number', Buffer.concat([Buffer.from('3083100000020100028300fff0', 'hex'), Buffer.alloc(size, 1)])],
  ['base64 without lines', Buffer.from(`MIIC${'A'.repeat(size)}`)],
  ['zeros', Buffer.alloc(size)],
];
for (const [name, bytes] of hostile) {
  test(`a megabyte of ${name} takes no more than its time`, () => {
    const start = process.hrtime.bigint();
    identify(bytes);
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    assert.ok(milliseconds < 4000, `${milliseconds} ms`);
  });
}
