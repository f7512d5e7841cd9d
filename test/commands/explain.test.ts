import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../src/checks/catalogue.ts';
import { commands } from '../../src/commands/index.ts';
import { parseArguments } from '../../src/commands/parse.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

test('every code is explained: on the device, how it happens, what to do, where it comes from', async (t) => {
  const cwd = scratch(t);
  for (const [code] of catalogue()) {
    const { stdout, code: exit } = await atPki(cwd, 'explain', code);
    assert.equal(exit, 0);
    assert.match(stdout, /On the device: .+\n\nHow it happens: .+\n\nWhat to do: .+\n\nSource: .+\n$/, code);
  }
});

test('every text of every code is a sentence', async () => {
  for (const [code, { summary, explain }] of catalogue()) {
    const texts = Object.entries({ summary, ...(await explain()) });
    assert.deepEqual(
      texts.map(([name]) => name),
      ['summary', 'meaning', 'cause', 'remedy', 'source'],
    );
    for (const [name, text] of texts) assert.match(text, /^\S.*[.:]$/, `${code}: ${name}`);
  }
});

test('every command of at-pki in a remedy is one that its parser takes', async () => {
  let seen = 0;
  for (const [code, { explain }] of catalogue()) {
    const { remedy } = await explain();
    for (const [, line = ''] of remedy.matchAll(/`at-pki ([^`]+)`/g)) {
      const [first = '', second = '', ...rest] = line.split(' ');
      if (first === '--help') continue;
      const isPair = Object.hasOwn(commands, `${first} ${second}`);
      const entry = commands[isPair ? `${first} ${second}` : first];
      assert.ok(entry, `${code}: ${line}`);
      const argv = isPair ? rest : second === '' ? rest : [second, ...rest];
      const parsed = parseArguments(await entry.load(), argv);
      assert.ok(parsed.ok, `${code}: ${line}: ${parsed.ok ? '' : parsed.error.message}`);
      seen++;
    }
  }
  assert.ok(seen > 50, `${seen} commands were found`);
});

test('every config line in a remedy is JSON', async () => {
  for (const [code, { explain }] of catalogue()) {
    const { remedy } = await explain();
    for (const [, line = ''] of remedy.matchAll(/`("[^`]+)`/g)) {
      const text = line.includes(':') ? line : `${line}: 0`;
      assert.doesNotThrow(() => JSON.parse(`{ ${text} }`), `${code}: ${line}`);
    }
  }
});

test('without a code all are listed; a wrong one gets the one that was meant', async (t) => {
  const cwd = scratch(t);
  const { stdout } = await atPki(cwd, 'explain');
  assert.equal(stdout.trim().split('\n').length, catalogue().length);
  const wrong = await atPki(cwd, 'explain', 'expird');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean expired\?/);
  const { stdout: json } = await atPki(cwd, 'explain', 'expired', '--json');
  const { code, severity, explanation } = JSON.parse(json) as { code: string; severity: string; explanation: object };
  assert.deepEqual([code, severity], ['expired', 'error']);
  assert.deepEqual(Object.keys(explanation), ['meaning', 'cause', 'remedy', 'source']);
});
