import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdsPrivateKey } from '../../src/pki/private-key.ts';
import { exampleCheckout } from '../support/example-checkout.ts';
import { fixtures } from '../support/paths.ts';
import { pemBlocks } from '../support/pem.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const faults = join(fixtures, 'pki/faults');
const keyFiles = readdirSync(faults)
  .map((name) => join(faults, name))
  .filter((file) => holdsPrivateKey(readFileSync(file)));

/** Strings of which none may be seen anywhere: each base64 line of a key, and its bytes in hex, in pieces. */
function tracesOf(file: string): string[] {
  const bytes = readFileSync(file);
  const blocks = pemBlocks(bytes.toString('latin1')).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const lines = blocks.flatMap(({ text }) => text.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line)));
  const binary =
    blocks.length === 0
      ? [bytes]
      : blocks.map(({ text }) => Buffer.from(text.replace(/-----.*|.*: .*/g, ''), 'base64'));
  const pieces = binary.flatMap((key) =>
    Array.from({ length: Math.floor(key.length / 16) - 1 }, (_, index) =>
      key.subarray(16 + index * 16, 32 + index * 16),
    ),
  );
  return [...lines, ...pieces.flatMap((piece) => [piece.toString('hex'), piece.toString('base64').slice(0, 20)])];
}

const traces = new Set(keyFiles.flatMap(tracesOf));

function assertNoTrace(text: string, what: string): void {
  const folded = text.replaceAll(/\s/g, '');
  for (const trace of traces) assert.ok(!folded.includes(trace) && !text.includes(trace), `a key shows in ${what}`);
}

test('the search finds a key that does show', () => {
  assert.ok(keyFiles.length >= 10);
  for (const file of keyFiles) {
    const bytes = readFileSync(file);
    assert.throws(() => assertNoTrace(bytes.toString('latin1') + bytes.toString('hex'), file), /a key shows/);
  }
});

const styles = [
  ['--verbose'],
  ['--verbose', '--json'],
  ['--verbose', '--reporter', 'json'],
  ['--verbose', '--reporter', 'github'],
  ['--verbose', '--reporter', 'sarif'],
];

test('no command shows any of a key, in any style, on good and on broken input', async (t) => {
  const cwd = exampleCheckout(t);
  const rawData = join(cwd, 'components/customized_partitions/raw_data');
  // Every key, also where a certificate belongs; far too much for an 8K partition.
  for (const name of ['client_key', 'client_cert', 'server_ca']) {
    for (const [index, file] of keyFiles.entries()) cpSync(file, join(rawData, name, `${index}.pem`));
  }
  const lines: string[][] = [
    ['build'],
    ['build', '--check'],
    ['build', '--dry-run'],
    ['build', 'client_key', 'mqtt_key'],
    ['check'],
    ['check', '--off', 'private-key-exposed', '--off', 'encrypted-key'],
  ];
  const plain: string[][] = [];
  for (const [index, file] of keyFiles.entries()) {
    const bin = join(cwd, `${index}.bin`);
    plain.push(['generate_bin', '-b', bin, 'key', file, 'ca', file]);
    plain.push(['parse_bin', '-b', bin, '-o', join(cwd, 'parsed', String(index))]);
    plain.push(['parse_bin', '-b', file]);
    const csv = join(cwd, `${index}.csv`);
    writeFileSync(csv, `key,type,encoding,value\nclient_key,namespace,,\nclient_key.0,file,binary,${file}\n`);
    const nvs = join(cwd, `${index}.nvs`);
    plain.push(['nvs', 'generate', csv, nvs, '0x4000'], ['nvs', 'set', nvs, 'a', 'b', 'blob', `@${file}`]);
    for (const style of [[], ['--verbose'], ['--verbose', '--json']]) {
      plain.push(['nvs', 'dump', nvs, ...style], ['inspect', nvs, ...style], ['certs', 'show', file, ...style]);
      plain.push(['diff', file, keyFiles[0] ?? '', ...style], ['diff', bin, join(cwd, '0.bin'), ...style]);
      plain.push(['diff', nvs, join(cwd, '0.nvs'), ...style], ['certs', 'list', ...style]);
      plain.push(['inspect', bin, ...style], ['inspect', file, ...style]);
      plain.push(
        ['extract', bin, '-o', join(cwd, 'extracted', String(index)), ...style],
        ['extract', file, '-o', cwd, ...style],
      );
    }
  }
  const all = [...lines.flatMap((line) => styles.map((style) => [...line, ...style])), ...plain];
  let succeeded = 0;
  for (const argv of all) {
    const { code, stdout, stderr } = await atPki(cwd, ...argv);
    if (code === 0) succeeded++;
    assertNoTrace(stdout + stderr, argv.join(' '));
  }
  assert.ok(succeeded > keyFiles.length * 4, `${succeeded} of ${all.length} did something`);
});

test('nor of a key whose text is damaged', async (t) => {
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'out'));
  const good = readFileSync(join(faults, 'good.key'), 'latin1');
  const damaged = {
    'no-newlines': good.replaceAll('\n', ''),
    'no-end': good.slice(0, 900),
    'no-dashes': good.replace('PRIVATE KEY-----', 'PRIVATE KEY'),
    'no-begin': good.slice(40),
    'upper-case': good.toUpperCase(),
  };
  for (const [name, text] of Object.entries(damaged)) {
    writeFileSync(join(cwd, name), text);
    await atPki(cwd, 'generate_bin', '-b', `${name}.bin`, 'key', name);
    for (const argv of [
      ['inspect', name],
      ['inspect', name, '--json'],
      ['inspect', `${name}.bin`],
      ['inspect', `${name}.bin`, '--json'],
      ['extract', name, '-o', 'out'],
    ]) {
      const { stdout, stderr } = await atPki(cwd, ...argv);
      assertNoTrace(stdout + stderr, argv.join(' '));
      // Upper-cased base64 is no longer the key's; it must not show all the same.
      assert.doesNotMatch(stdout + stderr, /MIIE/);
    }
  }
});

test('nor of a key that a program or a variable gives, nor any password or argument', async (t) => {
  const cwd = scratch(t);
  const words = ['--token=hunter2-argument', 'hunter2-password'];
  const print = (file: string, end: string) => ({
    exec: [
      process.execPath,
      '-e',
      `const key = require('node:fs').readFileSync(${JSON.stringify(file)});
       process.stdout.write(key); console.error(key.toString('latin1'), key.toString('hex'), key.toString('base64')); ${end}`,
      words[0],
    ],
  });
  const env: Record<string, string> = { PASSWORD: words[1] ?? '' };
  const sources = keyFiles.flatMap((file, index) => {
    env[`KEY_${index}`] = readFileSync(file, 'latin1');
    env[`FLAT_${index}`] = readFileSync(file, 'latin1').replaceAll('\n', '\\n');
    const variables = [{ env: `KEY_${index}` }, { env: `FLAT_${index}` }];
    // Each takes its time; some are enough for all the ways of ending.
    return index % 8 === 0 ? [...variables, print(file, ''), print(file, 'process.exit(1)')] : variables;
  });
  const normalize = { pem: 'canonical', chain: 'sorted', preamble: 'strip', password: { env: 'PASSWORD' } };
  const namespaces = { client_key: { files: sources }, client_cert: { files: sources }, other: { files: sources } };
  const config = {
    partitions: {
      client_key: { files: sources, size: '4M' },
      server_ca: { files: sources, size: '4M', normalize },
      server_key: { files: sources, size: '4M', normalize },
      mfg_nvs: { size: '4M', namespaces, normalize },
      // Mistakes, whose lines would be shown.
      mqtt_key: { files: { exec: ['vault', ...words], timeout: 'x' }, size: '8K' },
    },
  };
  const texts = [
    JSON.stringify({ ...config, partitions: { ...config.partitions, mqtt_key: undefined } }, undefined, 2),
    JSON.stringify({ partitions: { ...config.partitions, mqtt_key: undefined } }),
    JSON.stringify(config),
    JSON.stringify(config, undefined, 2),
    JSON.stringify({ partitions: { mqtt_key: { files: { exec: ['vault', ...words].join(' ') }, size: '8K' } } }),
  ];
  for (const text of texts) {
    writeFileSync(join(cwd, 'pki.config.json'), text);
    for (const style of styles) {
      const argv = ['build', ...style];
      const { code, stdout, stderr } = await atPkiIn({ cwd, env }, ...argv);
      assert.ok(code === 1 || code === 2, stderr);
      assertNoTrace(stdout + stderr, argv.join(' '));
      assert.doesNotMatch(stdout + stderr, /hunter2/);
    }
  }
});
