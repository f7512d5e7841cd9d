import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runEsptool } from '../../../../src/device/drivers/esptool/run.ts';
import { failing } from '../../../support/device-failure.ts';
import { connectFake as connect, fakeEsptool } from '../../../support/fake-esptool.ts';
import { ownTemporary } from '../../../support/own-temporary.ts';
import { scratch } from '../../../support/scratch.ts';
import { until } from '../../../support/until.ts';

const onWindows = process.platform === 'win32';

const node = (script: string, timeout: number, onLine?: (line: string) => void) =>
  runEsptool([process.execPath, '-e'], { args: [script], doing: 'reading the flash', port: 'P', timeout, onLine });

test('an esptool that never ends is ended', async () => {
  const { code, message } = await failing(node('setInterval(() => {}, 1000)', 1));
  assert.deepEqual([code, message], ['chip-silent', 'esptool took longer than 1 second over reading the flash']);
});

test('lines are heard one by one, also where they overwrite each other', async () => {
  const heard: string[] = [];
  const script = "process.stdout.write('a b\\b\\b\\bc\\rd\\n\\x1b[31me\\x1b[0m\\nend')";
  const output = await node(script, 20, (line) => heard.push(line));
  assert.deepEqual(heard, ['a b', 'c', 'd', 'e']);
  assert.ok(output.endsWith('\ne\nend'));
});

test('what it says on either stream counts', async () => {
  const script =
    "console.error('A fatal error occurred: MD5 of file does not match data in flash!'); process.exitCode = 2";
  assert.equal((await failing(node(script, 20))).code, 'not-verified');
});

test('an esptool that is not there, none of Python, or too old is told of, with what to do', async (t) => {
  const nowhere = await failing(connect(['/nowhere/esptool.py']));
  assert.deepEqual(nowhere, {
    code: 'esptool-failed',
    message: '/nowhere/esptool.py was not found',
    hint: 'is it installed? pip install esptool',
  });
  const old = await failing(connect(fakeEsptool(t, { version: '3.3.1' }).program));
  assert.match(old.message, /is version 3\.3\.1, and 4 or 5 is needed$/);
  const other = await failing(connect([process.execPath, '-p', '"hello"']));
  assert.match(other.message, /does not tell its version/);
});

test('no shell reads where esptool is', { skip: onWindows }, async (t) => {
  const folder = join(scratch(t), "it's $(touch here) & more");
  mkdirSync(folder);
  const [node = '', ...words] = fakeEsptool(t, { version: '5.2.0' }).program;
  const program = join(folder, 'esptool');
  writeFileSync(program, `#!/bin/sh\nexec '${node}' '${words.join("' '")}' "$@"\n`);
  chmodSync(program, 0o755);
  assert.equal((await connect([program])).info.chip, 'ESP32-C3');
  assert.deepEqual(readdirSync(folder), ['esptool']);
});

for (const deaf of [false, true]) {
  test(`Ctrl-C ends an esptool that ${deaf ? 'does not listen' : 'works'}`, {
    skip: onWindows,
  }, async (t) => {
    const left = ownTemporary(t);
    const fake = fakeEsptool(t, { version: '5.2.0', hang: 'write-flash', deaf });
    const { signal, abort } = withAbort();
    const device = await connect(fake.program, { signal });
    const writing = failing(device.flash.write([{ offset: 0, bytes: new Uint8Array(0x1000) }]));
    await until(() => fake.hangs, 'esptool is at work');
    abort();
    const { code, message } = await writing;
    assert.deepEqual([code, message], ['interrupted', 'it was interrupted while writing the flash']);
    await device.close('hard-reset');
    assert.deepEqual(left(), []);
  });
}

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
