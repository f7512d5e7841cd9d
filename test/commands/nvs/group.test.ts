import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atPki } from '../../support/run-rig.ts';

const names = ['generate', 'encrypt', 'decrypt', 'generate-key', 'dump', 'set', 'delete'];

test('nvs alone lists its commands as an error, nvs --help as an answer', async () => {
  const alone = await atPki('/', 'nvs');
  assert.deepEqual([alone.code, alone.stdout], [2, '']);
  const help = await atPki('/', 'nvs', '--help');
  assert.deepEqual(help, { code: 0, stdout: alone.stderr, stderr: '' });
  for (const name of names) assert.match(help.stdout, new RegExp(`^ {2}nvs ${name} `, 'm'));
  assert.deepEqual(await atPki('/', 'help', 'nvs'), help);
});

test('the help of a command of two words', async () => {
  const help = await atPki('/', 'nvs', 'generate', '--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: at-pki nvs generate IN\.csv… OUT\.bin SIZE \[options\]$/m);
  assert.deepEqual(await atPki('/', 'help', 'nvs', 'generate'), help);
});

test('a command that is not there', async () => {
  assert.deepEqual(await atPki('/', 'nvs', 'dmp', 'x.bin'), {
    code: 2,
    stdout: '',
    stderr: 'error[usage]: there is no command "nvs dmp"\n  → did you mean nvs dump?\n✗ 1 error (0 ms)\n',
  });
});

test('after nvs generate, --version is the NVS version', async () => {
  const { code, stdout, stderr } = await atPki('/', 'nvs', 'generate', 'a.csv', 'b.bin', '0x3000', '--version');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^error\[usage\]: --version needs a value: --version 1\|2$/m);
  const wrong = await atPki('/', 'nvs', 'generate', 'a.csv', 'b.bin', '0x3000', '--version', '3');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^error\[usage\]: --version takes 1, 2; it was given "3"$/m);
});

test('wrong use as JSON names the command', async () => {
  const { stdout } = await atPki('/', 'nvs', 'dump', '--json');
  const { command, ok } = JSON.parse(stdout) as { command: string; ok: boolean };
  assert.deepEqual([command, ok], ['nvs dump', false]);
});
