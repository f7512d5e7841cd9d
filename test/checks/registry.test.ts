import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explanations } from '../../src/checks/explanations.ts';
import { checks, runChecks } from '../../src/checks/index.ts';
import { identify } from '../../src/formats/identify.ts';
import { packageRoot } from '../support/paths.ts';
import { contextOf, faults, slot } from '../support/slots.ts';

test('each check gives its own code and is explained; its file has its name', () => {
  const files = readdirSync(join(packageRoot, 'src/checks')).map((name) => name.replace(/\.ts$/, ''));
  for (const [code, check] of Object.entries(checks)) {
    assert.ok(files.includes(code), code);
    for (const text of Object.values(explanations[code as keyof typeof checks])) assert.match(text, /^[A-Zm].*\.$/);
    for (const name of readdirSync(faults)) {
      const found = check(contextOf([slot('client_ca', name), slot('client_cert', name), slot('client_key', name)]));
      for (const one of found) assert.equal(one.code, code);
    }
  }
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
