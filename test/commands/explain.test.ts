import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue } from '../../src/checks/catalogue.ts';
import { commands } from '../../src/commands/index.ts';
import { parseArguments } from '../../src/commands/parse.ts';
import { deviceCodeOf } from '../../src/firmware/device-codes/index.ts';
import { packageRoot } from '../support/paths.ts';
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

test('a number that a device printed is explained, with or without its sign', async (t) => {
  const cwd = scratch(t);
  for (const [number, shown, says] of [
    ['-0x2562', '-0x2562 (mbedTLS)', /X509_INVALID_EXTENSIONS \+ MBEDTLS_ERR_ASN1_UNEXPECTED_TAG\n[\s\S]*refused-form/],
    ['0x2562', '-0x2562 (mbedTLS)', /critical and not known/],
    ['-0x7780', '-0x7780 (mbedTLS)', /refuses our certificate[\s\S]*wrong-purpose/],
    ['-0X52', '-0x0052 (mbedTLS)', /The name of the host is not known/],
    ['0x8003', '0x8003 (Wi-Fi Enterprise)', /wrong identity or password/],
    ['0x800F', '0x800f (Wi-Fi Enterprise)', /certificate or the private key was not understood[\s\S]*key-mismatch/],
    ['0x010b0000', '0x010b0000 (ERR CODE)', /busy with another command/],
    ['0x010a7194', '0x010a7194 (ERR CODE)', /HTTP status 404/],
  ] as const) {
    const { code, stdout } = await atPki(cwd, 'explain', number);
    assert.deepEqual([code, stdout.split('\n')[0]], [0, shown]);
    assert.match(stdout, says);
  }
  const json = JSON.parse((await atPki(cwd, 'explain', '-0x2562', '--json')).stdout);
  assert.deepEqual([json.code, json.table, json.findings[0].code], ['-0x2562', 'mbedTLS', 'refused-form']);
  const unknown = await atPki(cwd, 'explain', '0x9999');
  assert.deepEqual(
    [unknown.code, unknown.stderr.split('\n')[0]],
    [2, 'error[usage]: 0x9999 is in none of the tables of a device'],
  );
});

test('every code that a number points to is one, and every number that a finding may carry is explained', () => {
  const known = new Set(catalogue().map(([code]) => code));
  const numbers = Array.from({ length: 0x8100 }, (_, number) => `0x${number.toString(16)}`);
  for (const number of numbers) {
    for (const finding of deviceCodeOf(number)?.findings ?? []) assert.ok(known.has(finding), `${number}: ${finding}`);
  }
  const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(checks|pki).*\.ts$/.test(name),
  );
  const written = sources.flatMap(
    (name) => readFileSync(join(packageRoot, 'src', name), 'utf8').match(/-0x[0-9a-f]{4}/g) ?? [],
  );
  assert.ok(written.length > 20);
  for (const number of written) assert.ok(deviceCodeOf(number), number);
});
