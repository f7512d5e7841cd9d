import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { inOwnFolder } from '../../src/device/drivers/esptool/own-folder.ts';
import { type Errand, type Program, runEsptool } from '../../src/device/drivers/esptool/run.ts';
import { failing } from '../support/device-failure.ts';
import { offspring } from '../support/offspring.ts';
import { scratch } from '../support/scratch.ts';

const skip = process.platform === 'win32' && 'process groups are of POSIX';
const node = (script: string): Program => [process.execPath, '-e', script];
const errand: Errand = { args: [], doing: 'reading the flash', port: 'COM1', timeout: 60 };
const failure = async (program: Program, more: Partial<Errand> = {}) => {
  const { code, message } = await failing(runEsptool(program, { ...errand, ...more }));
  return `${code}: ${message}`;
};

// `python3 -m esptool` through a script of the user: the esptool within went on and held the port.
test('an interruption ends esptool with all that it started', { skip }, async (t) => {
  const { program, pids, gone } = offspring(t, { deaf: true });
  const stop = new AbortController();
  const failed = failure(program, { signal: stop.signal });
  await pids();
  stop.abort();
  assert.equal(await failed, 'interrupted: it was interrupted while reading the flash');
  await gone();
});

test('a program that prints without an end is not an esptool, and is ended', async () => {
  const script = `const piece = 'x'.repeat(65536); const more = () => process.stdout.write(piece, more); more()`;
  assert.match(await failure(node(script)), /^esptool-failed: \S+ printed more than 4 MB while reading the flash$/);
});

test('a NUL in its arguments, such as the name of a port, is refused in words', async () => {
  const refusal = /^esptool-failed: \S+ cannot be started: a text for it holds a NUL character$/;
  assert.match(await failure(node(''), { args: ['--port', 'COM\0'] }), refusal);
  assert.match(await failure([`${process.execPath}\0`]), refusal);
});

test('lines come whole, of each output by itself', async () => {
  const lines: string[] = [];
  const script = `const { writeSync } = require('node:fs'); writeSync(1, 'one\\rtw'); writeSync(2, 'thr'); writeSync(1, 'o\\n'); writeSync(2, 'ee\\n')`;
  await runEsptool(node(script), { ...errand, onLine: (line) => lines.push(line) });
  assert.deepEqual(lines.sort(), ['one', 'three', 'two']);
});

test('a temporary folder that cannot be made is said in words', async (t) => {
  const { TMPDIR, TEMP, TMP } = process.env;
  t.after(() => Object.assign(process.env, { ...(TMPDIR && { TMPDIR }), ...(TEMP && { TEMP }), ...(TMP && { TMP }) }));
  const missing = join(scratch(t), 'missing');
  Object.assign(process.env, { TMPDIR: missing, TEMP: missing, TMP: missing });
  const { code, message } = await failing(inOwnFolder(async () => {}));
  assert.deepEqual([code, message], ['esptool-failed', 'no temporary folder for esptool can be made (ENOENT)']);
  if (TMPDIR === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
});
