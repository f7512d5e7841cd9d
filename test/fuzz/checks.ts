import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Slot } from '../../src/checks/context.ts';
import { runChecks } from '../../src/checks/index.ts';
import { pemParts } from '../../src/pki/pem-file.ts';
import { pemOf } from '../../src/pki/to-pem.ts';
import { contextOf, faults, slot } from '../support/slots.ts';

// Whatever a file holds, the checks come to an end, and each verdict says where.

interface Block {
  readonly label: string;
  readonly der: Uint8Array;
}
const files = readdirSync(faults).map((name) => readFileSync(join(faults, name)));
/** The structures in the fixtures: changed in there, a file gets past its base64. */
const blocks = files.flatMap((file) =>
  pemParts(file).flatMap(({ label, der }): Block[] => (der && der.length > 20 ? [{ label, der }] : [])),
);

const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'flip', 'cut', 'insert', 'repeat')), {
  minLength: 1,
  maxLength: 4,
});

function edited(bytes: Uint8Array, changes: readonly (readonly [number, number, string])[]): Buffer {
  let result = Buffer.from(bytes);
  for (const [where, byte, change] of changes) {
    const at = where % (result.length + 1);
    if (change === 'set' && at < result.length) result[at] = byte;
    if (change === 'flip' && at < result.length) result[at] = (result[at] ?? 0) ^ (1 << (byte & 7));
    if (change === 'cut') result = Buffer.concat([result.subarray(0, at), result.subarray(at + (byte & 7))]);
    if (change === 'insert') result = Buffer.concat([result.subarray(0, at), Buffer.of(byte), result.subarray(at)]);
    if (change === 'repeat') result = Buffer.concat([result, result.subarray(at, at + byte)]);
  }
  return result;
}

const content = fc.oneof(
  fc.tuple(fc.constantFrom(...files), edits).map(([file, changes]) => edited(file, changes)),
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...blocks), edits, fc.boolean()).map(([{ label, der }, changes, isPem]) => {
      const changed = edited(der, changes);
      return isPem ? Buffer.from(pemOf(label, changed)) : changed;
    }),
  },
  fc.uint8Array({ maxLength: 400 }),
);

test('100,000 random and mutated files in every kind of slot: a verdict with its place, and no harm', () => {
  const place = fc.constantFrom('client_ca', 'client_cert', 'client_key', 'server_cert', 'mqtt_key', 'wpa2_ca');
  const codes = new Set<string>();
  fc.assert(
    fc.property(place, content, fc.constantFrom(undefined, 'v2.2', 'v3.2', 'v4.1'), (where, bytes, release) => {
      const slots: Slot[] = [slot(where, bytes, 'fuzzed')];
      if (where.endsWith('_key')) slots.push(slot(where.replace('_key', '_cert'), 'good.crt'));
      const target = release === undefined ? {} : { release };
      for (const { code, message, place: at } of runChecks(contextOf(slots, { target }))) {
        codes.add(code);
        assert.ok(message.length < 2000, message);
        assert.ok(at !== undefined || code === 'set-incomplete', `${code} has no place`);
      }
    }),
    { numRuns: 100_000 },
  );
  assert.ok(codes.size > 15, [...codes].join());
});
