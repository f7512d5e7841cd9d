import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { commands } from '../../src/commands/index.ts';
import { optionsOf } from '../../src/commands/parse.ts';
import { bare, hostileName, injectionIn, leakIn, markedKey } from '../support/leaks.ts';
import { fixtures } from '../support/paths.ts';
import { atPkiIn } from '../support/run-rig.ts';
import { anyName, configWith, schemaPlaces } from '../support/schema-places.ts';
import { scratch } from '../support/scratch.ts';

/*
 * Somebody pastes a private key where something else belongs, or gets a file whose name was made to deceive: neither
 * may come out in what is printed, in any style. Otherwise the key is in the log of a CI job for all to read, and a
 * name such as "\n::set-output …" gives the runner orders. Each command, option, property and column is walked, so that
 * a new one is covered from its first day.
 */

const pem = markedKey();
const payloads: readonly (readonly [what: string, text: string])[] = [
  ['a key', pem],
  ['a key without its marks', bare(pem)],
  ['a hostile name', hostileName],
];
const reporters = ['pretty', 'json', 'github', 'sarif'];

async function assertNothing(cwd: string, argv: readonly string[], shown: string): Promise<void> {
  const signal = AbortSignal.abort();
  const { stdout, stderr } = await atPkiIn({ cwd, signal }, ...argv);
  const isGithub = argv.includes('github');
  const where = `${shown}: ${argv.filter((word) => word.length < 20).join(' ')}`;
  assert.equal(leakIn(stdout + stderr, pem), '', `${where} shows a key`);
  assert.equal(injectionIn(stdout, isGithub) + injectionIn(stderr), '', `${where} shows something raw`);
}

const good = (t: TestContext): string => {
  const cwd = scratch(t);
  cpSync(join(fixtures, 'pki/faults/good.crt'), join(cwd, 'a.crt'));
  return cwd;
};

const partition = { files: 'a.crt', offset: '0x2e000', size: '8K' };
const base = { rawData: '.', outDir: 'out', partitions: { client_ca: partition } };

/** Objects are merged, so that what a property needs beside it is there. */
function merged(left: unknown, right: unknown): unknown {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(left) || !isObject(right)) return right;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries(
    [...names].map((name) => [name, name in right ? merged(left[name], right[name]) : left[name]]),
  );
}

for (const [what, text] of payloads) {
  test(`${what} at any place of a config comes out of no reporter`, async (t) => {
    const cwd = good(t);
    const places = schemaPlaces();
    assert.ok(places.length > 80, `${places.length} places`);
    for (const [index, place] of places.entries()) {
      const isName = place.at(-1) === anyName;
      const config = isName
        ? merged(base, configWith(place.slice(0, -1), { [text]: partition, ofset: 1 }))
        : merged(base, configWith(place, index % 3 === 0 ? { [text]: text } : text));
      // Each style of report takes its turn, and pretty shows the lines of the text besides.
      const style = reporters[index % reporters.length] ?? '';
      writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify(config, undefined, index % 2));
      await assertNothing(cwd, ['check', '--verbose', '--reporter', style], place.join('.'));
      await assertNothing(cwd, ['check', '--reporter', 'pretty'], place.join('.'));
    }
  });

  test(`${what} in any option or as any argument comes out of no command`, async (t) => {
    const cwd = good(t);
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify(base));
    for (const [name, { load }] of Object.entries(commands)) {
      const command = await load();
      // This looks a host up, which no test does: where no resolver answers, that lasts.
      const isRemote = name === 'certs fetch-ca';
      const words = isRemote ? [] : Array.from({ length: Math.max(1, command.words.min) }, () => text);
      const styles = command.standalone ? [[]] : [[], ['--json']];
      for (const style of styles) {
        await assertNothing(cwd, [...name.split(' '), ...words, ...style], `an argument of ${name}`);
        await assertNothing(cwd, [...name.split(' '), ...words, text, `--${text}`, ...style], 'one argument too many');
      }
      for (const [index, [option, { type, rest }]] of Object.entries(optionsOf(command)).entries()) {
        const value = type === 'string' ? [`--${option}=${text}`] : [`--${option}`, text];
        if (rest) continue;
        const needed = isRemote ? [] : Array.from({ length: command.words.min }, () => 'a.crt');
        const style = styles[index % styles.length] ?? [];
        await assertNothing(cwd, [...name.split(' '), ...needed, ...value, ...style], `--${option} of ${name}`);
      }
    }
    await assertNothing(cwd, [text], 'as a command');
    await assertNothing(cwd, [`--${text}`, 'build', '--json'], 'before the command');
    await assertNothing(cwd, ['help', text], 'help');
  });

  test(`${what} in any column of a table comes out of no reporter`, async (t) => {
    const cwd = good(t);
    const inOneLine = text.replaceAll('\n', ' ');
    const quoted = `"${text.replaceAll('"', '""')}"`;
    const row = ['client_ca', '0x40', '7', '0x2e000', '8K', ''];
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ ...base, partitionTable: 't.csv' }));
    for (const cell of [inOneLine, quoted, inOneLine.replace(/(.{64})/g, '$1,'), text]) {
      for (let column = 0; column < row.length; column++) {
        const cells = row.with(column, cell).join(',');
        writeFileSync(join(cwd, 't.csv'), `${row.join(',')}\n${cells}\n`);
        for (const style of [reporters[column % 4] ?? '', 'json'])
          await assertNothing(cwd, ['check', '--reporter', style], `column ${column}`);
      }
      for (let column = 0; column < 4; column++) {
        const cells = ['a_key', 'data', 'string', 'x'].with(column, cell).join(',');
        writeFileSync(join(cwd, 'n.csv'), `key,type,encoding,value\na,namespace,,\n${cells}\n${cells}\n`);
        for (const style of [[], ['--json']])
          await assertNothing(cwd, ['nvs', 'generate', 'n.csv', 'n.bin', '0x3000', ...style], `NVS column ${column}`);
        writeFileSync(join(cwd, 'n.csv'), `key,type,encoding,value\n${cells}\n`);
        await assertNothing(cwd, ['nvs', 'generate', 'n.csv', 'n.bin', '0x3000'], `first NVS column ${column}`);
      }
    }
  });
}

test('a file, a folder and the target of a link with a hostile name come out visible', async (t) => {
  const cwd = good(t);
  const name = hostileName;
  mkdirSync(join(cwd, name));
  writeFileSync(join(cwd, `${name}.crt`), 'x');
  writeFileSync(join(cwd, name, 'pki.config.json'), JSON.stringify({ ...base, chp: 1 }));
  for (const files of ['*.crt', `${name}.crt`, name]) {
    const config = { ...base, partitions: { client_ca: { ...partition, files } } };
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify(config));
    for (const style of reporters) {
      for (const command of ['check', 'build']) await assertNothing(cwd, [command, '--reporter', style], files);
      await assertNothing(cwd, ['check', '--cwd', name, '--reporter', style], 'as the folder');
    }
    await assertNothing(cwd, ['certs', 'list'], files);
    await assertNothing(cwd, ['certs', 'list', '--json'], files);
  }
  for (const command of ['inspect', 'certs show', 'diff a.crt'])
    for (const style of [[], ['--json']])
      await assertNothing(cwd, [...command.split(' '), `${name}.crt`, ...style], `${command} of the file`);
});
