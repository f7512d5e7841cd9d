import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checks, runChecks } from '../../src/checks/index.ts';
import { identify } from '../../src/formats/identify.ts';
import { packageRoot } from '../support/paths.ts';
import { contextOf, faults, slot } from '../support/slots.ts';

test('the file of a check has the name of its code', () => {
  const files = readdirSync(join(packageRoot, 'src/checks')).map((name) => name.replace(/\.ts$/, ''));
  for (const { code } of checks) assert.ok(files.includes(code), code);
});

test('the other places of a finding: certificate of a key, first of two keys', () => {
  const slots = [slot('client_cert', 'good.crt'), slot('client_key', 'other.key'), slot('client_key.1', 'other.key')];
  const related = runChecks(contextOf(slots)).flatMap(({ code, related: others = [] }) =>
    others.map(({ message, place }) => `${code}: ${message} ${place.file}`),
  );
  assert.deepEqual(related, [
    'key-mismatch: the certificate /raw_data/client_cert/good.crt',
    'same-key-twice: the first one /raw_data/client_key/other.key',
  ]);
});

test('no diagnostic holds a byte of a key, and each says what to do', () => {
  const names = readdirSync(faults);
  const lines = names
    .filter((name) => identify(readFileSync(join(faults, name))).objects.some(({ type }) => type === 'private key'))
    .flatMap((name) => {
      const bytes = readFileSync(join(faults, name));
      const text = bytes[0] === 0x30 ? bytes.toString('base64') : bytes.toString('latin1').replace(/\s/g, '');
      return text.match(/[A-Za-z0-9+/]{12}/g) ?? [];
    });
  assert.ok(lines.length > 1000);
  for (const place of ['client_ca', 'client_cert', 'client_key']) {
    const found = runChecks(contextOf(names.map((name, index) => slot(`${place}.${index}`, name))));
    const text = JSON.stringify(found);
    assert.ok(!lines.some((line) => text.includes(line) && !/^(-|BEGIN|PRIVATE)/.test(line)));
    for (const { hint, code } of found) assert.ok(hint, code);
  }
});
