import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes } from '../../src/core/diagnostics/codes.ts';
import { deviceExplanations } from '../../src/flash/explanations.ts';
import { atPki } from '../support/run-rig.ts';

test('every error of ports, chips and devices has its explanation, in sentences', () => {
  const wanted = Object.entries(codes).filter(([code, { blame }]) => blame === 'device' && !code.startsWith('server-'));
  for (const [code] of wanted) assert.ok(Object.hasOwn(deviceExplanations, code), code);
  for (const texts of Object.values(deviceExplanations)) {
    for (const text of Object.values(texts)) assert.match(text, /^[A-Za-z].*\.$/);
  }
});

test('at-pki explain tells it', async () => {
  const { code, stdout } = await atPki('.', 'explain', 'device-values');
  assert.equal(code, 0);
  assert.match(stdout, /What to do: Say what becomes of them: --merge keeps them/);
});
