import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { textOf } from '../../src/core/diagnostics/diagnostic.ts';
import { given } from '../../src/core/given.ts';
import { fail, ok } from '../../src/core/result.ts';
import { readStable } from '../../src/files/read-stable.ts';
import { contentProviderOf, type Surroundings } from '../../src/sources/content-provider.ts';
import type { Partition, Source } from '../../src/sources/partition.ts';
import type { RunProgram, SourceCall } from '../../src/sources/run-program.ts';
import { readSources, type Snapshot } from '../../src/sources/snapshot.ts';
import { fixtures } from '../support/paths.ts';

const folder = join(fixtures, 'pki/faults');
const pem = readFileSync(join(folder, 'good.key'), 'utf8');
const place = { file: '/project/pki.config.json', line: 4, column: 9 };

const exec = (...argv: string[]): Source => ({ kind: 'key', exec: argv, folder, timeout: 7, place });
const variable = (env: string): Source => ({ kind: 'key', env, place });
const file = (path: string): Source => ({ kind: 'key', base: folder, path, order: 'name' });

const partitionOf = (...sources: Source[]): Partition => ({
  name: 'mqtt_key',
  format: 'atpki',
  file: '/x.bin',
  size: 8192,
  sources,
});

const nobody: Surroundings = { env: {}, exec: true, runProgram: async () => ok(Buffer.from(pem)) };

const read = (surroundings: Partial<Surroundings>, ...sources: Source[]): Promise<Snapshot> =>
  readSources(partitionOf(...sources), folder, readStable, contentProviderOf({ ...nobody, ...surroundings }));

const said = ({ diagnostics }: Snapshot): string[] =>
  diagnostics.map((found) => `${found.code}: ${textOf(found)}${found.hint ? ` → ${found.hint}` : ''}`);

test('programs, variables and files are entries in the order of the config', async () => {
  const { entries, diagnostics } = await read(
    { env: { KEY: pem } },
    variable('KEY'),
    file('other.key'),
    exec('pass', 'x'),
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    entries.map(({ name, kind }) => [name, kind]),
    [
      ['env: KEY', 'key'],
      ['other.key', 'key'],
      ['exec: pass', 'key'],
    ],
  );
  for (const index of [0, 2]) {
    assert.equal(Buffer.from(entries[index]?.bytes ?? []).toString(), pem);
    assert.equal(entries[index]?.file, undefined);
    assert.deepEqual(entries[index]?.place, place);
  }
});

test('a program runs once in a build, however often it is named, with what the config says', async () => {
  const calls: SourceCall[] = [];
  const runProgram: RunProgram = async (call) => {
    calls.push(call);
    return ok(Buffer.from(call.argv.join(' ')));
  };
  const env = { PATH: '/bin' };
  const provider = contentProviderOf({ env, exec: true, runProgram });
  for (let build = 0; build < 2; build++) {
    const partition = partitionOf(exec('pass', 'a'), exec('pass', 'a'), exec('pass', 'b'));
    const { entries } = await readSources(partition, folder, readStable, provider);
    assert.deepEqual(
      entries.map(({ bytes }) => Buffer.from(bytes).toString()),
      ['pass a', 'pass a', 'pass b'],
    );
  }
  assert.deepEqual(calls.map(given), [
    { argv: ['pass', 'a'], folder, timeout: 7, env },
    { argv: ['pass', 'b'], folder, timeout: 7, env },
  ]);
});

test('a program that fails is an error at its place, which names the program and no argument', async () => {
  const runProgram: RunProgram = async () =>
    fail({ reason: 'failed with exit code 2', complaint: 'locked', hint: 'hm' });
  const snapshot = await read({ runProgram }, exec('pass', 'show', 'hunter2'));
  assert.deepEqual(said(snapshot), ['source-program: pass failed with exit code 2; it says:\nlocked → hm']);
  assert.deepEqual(snapshot.diagnostics[0]?.place, place);
  assert.deepEqual(snapshot.entries, []);
});

test('--no-exec runs nothing', async () => {
  const runProgram: RunProgram = () => assert.fail('it ran');
  const snapshot = await read({ exec: false, runProgram, env: { KEY: pem } }, exec('pass', 'hunter2'), variable('KEY'));
  assert.deepEqual(said(snapshot), [
    'exec-refused: pass is not run, because of --no-exec → build without --no-exec where the config is trusted',
  ]);
  assert.equal(snapshot.entries.length, 1);
});

test('a variable that is not set, or empty', async () => {
  assert.deepEqual(said(await read({ env: { B: ' \n' } }, variable('A'), variable('B'))), [
    'source-missing: the environment variable A is not set → set A to the content, such as a PEM',
    'source-missing: the environment variable B is empty → CI systems give an empty value where a secret is not defined',
  ]);
});

const flat: [what: string, value: string][] = [
  ['\\n', pem.replaceAll('\n', '\\n')],
  ['\\r\\n', pem.replaceAll('\n', '\\r\\n')],
];
for (const [what, value] of flat) {
  test(`a PEM with ${what} for its line ends gets them back, and that is said`, async () => {
    const snapshot = await read({ env: { KEY: value } }, variable('KEY'));
    assert.equal(Buffer.from(snapshot.entries[0]?.bytes ?? []).toString(), pem);
    assert.deepEqual(said(snapshot), ['normalized: env: KEY was changed: \\n between its lines became line ends']);
  });
}

const untouched: [what: string, value: string][] = [
  ['a PEM with line ends', pem],
  ['a PEM with line ends and \\n in its text', `a \\n b\n${pem}`],
  ['no PEM', 'one\\ntwo'],
  ['a PEM without final line end', pem.trimEnd()],
];
for (const [what, value] of untouched) {
  test(`a variable's value stays as it is: ${what}`, async () => {
    const snapshot = await read({ env: { KEY: value } }, variable('KEY'));
    assert.equal(Buffer.from(snapshot.entries[0]?.bytes ?? []).toString(), value);
    assert.deepEqual(said(snapshot), []);
  });
}

test('a file named so is never a pattern', async () => {
  const literal: Source = { kind: 'key', base: folder, path: '*.key', literal: true, order: 'name' };
  assert.match(said(await read({}, literal)).join(), /^source-missing: \*\.key does not exist/);
});
