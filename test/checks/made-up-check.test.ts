import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checks } from '../../src/checks/index.ts';
import { oddSize } from '../support/made-up-check.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

// A check is one file and one line: here the file is in test/support, and the line is this.
function project(t: TestContext, config: object = {}): string {
  checks.push(oddSize);
  t.after(() => checks.splice(checks.indexOf(oddSize), 1));
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/faults/good.crt'), join(folder, 'even.crt'));
  writeFileSync(
    join(folder, 'pki.config.json'),
    JSON.stringify({ partitions: { client_cert: { files: '*.crt', size: '8K' } }, ...config }),
  );
  return folder;
}

const codesIn = (stdout: string): string[] =>
  (JSON.parse(stdout) as { diagnostics: { code: string; severity: string }[] }).diagnostics.map(
    ({ code, severity }) => `${severity} ${code}`,
  );

async function said(cwd: string, ...argv: string[]): Promise<string[]> {
  const { stdout } = await atPki(cwd, 'check', '--json', '--off', 'expires-soon', ...argv);
  return codesIn(stdout).filter((line) => line.endsWith(' odd-size'));
}

function makeOdd(cwd: string): string {
  writeFileSync(join(cwd, 'even.crt'), `${'\n'.repeat(1)}`, { flag: 'a' });
  return cwd;
}

test('a check that is added runs, and config and command line adjust it', async (t) => {
  const cwd = project(t);
  const [before, after] = [await said(cwd), await said(makeOdd(cwd))];
  assert.deepEqual([...before, ...after], ['warning odd-size'], 'one byte more makes the difference');
  if (after.length === 0) writeFileSync(join(cwd, 'even.crt'), '\n', { flag: 'a' });
  assert.deepEqual(await said(cwd, '--error', 'odd-size'), ['error odd-size']);
  assert.deepEqual(await said(cwd, '--off', 'odd-size'), []);
});

test('a config adjusts it', async (t) => {
  const cwd = project(t, { checks: { 'odd-size': 'info' } });
  const both = [...(await said(cwd)), ...(await said(makeOdd(cwd)))];
  assert.deepEqual(both, ['info odd-size']);
});

test('it is explained, listed, and a rule of SARIF', async (t) => {
  const cwd = project(t);
  assert.match((await atPki(cwd, 'explain', 'odd-size')).stdout, /^odd-size \(warning\)\n.*\n\nOn the device: Nothing/);
  assert.match((await atPki(cwd, 'explain', '--markdown')).stdout, /\| `odd-size` \| warning \| A file has an odd/);
  const rules: string[] = [];
  for (const folder of [cwd, makeOdd(cwd)]) {
    const { stdout } = await atPki(folder, 'check', '--reporter', 'sarif');
    const { runs } = JSON.parse(stdout) as {
      runs: [{ tool: { driver: { rules: { id: string; help: { text: string } }[] } } }];
    };
    rules.push(...runs[0].tool.driver.rules.filter(({ id }) => id === 'odd-size').map(({ help }) => help.text));
  }
  assert.deepEqual(rules, ['Ignore it. Source: Arithmetic.']);
});
