import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks } from '../../src/checks/index.ts';
import { codes } from '../../src/core/diagnostics/codes.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

test('every finding of a check is explained: on the device, how it happens, what to do', async (t) => {
  const cwd = scratch(t);
  for (const code of Object.keys(checks)) {
    const { stdout, code: exit } = await atPki(cwd, 'explain', code);
    assert.equal(exit, 0);
    assert.match(stdout, /On the device: .+\n\nHow it happens: .+\n\nWhat to do: .+\n$/, code);
  }
});

test('without a code all are listed; a wrong one gets the one that was meant', async (t) => {
  const cwd = scratch(t);
  const { stdout } = await atPki(cwd, 'explain');
  assert.equal(stdout.trim().split('\n').length, Object.keys(codes).length);
  const wrong = await atPki(cwd, 'explain', 'expird');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean expired\?/);
  const { stdout: json } = await atPki(cwd, 'explain', 'expired', '--json');
  const { code, severity, explanation } = JSON.parse(json) as { code: string; severity: string; explanation: object };
  assert.deepEqual([code, severity, Object.keys(explanation)], ['expired', 'error', ['meaning', 'cause', 'remedy']]);
});
