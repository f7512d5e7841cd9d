import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checks } from '../../src/checks/index.ts';
import { spacedName } from '../support/made-up-check.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

// A check is one file and one line: here the file is in test/support, and the line is this push.
function project(t: TestContext, config: object = {}): string {
  checks.push(spacedName);
  t.after(() => checks.splice(checks.indexOf(spacedName), 1));
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/faults/good.crt'), join(folder, 'a b.crt'));
  const partitions = { client_cert: { files: 'a b.crt', size: '8K' } };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ partitions, ...config }));
  return folder;
}

async function said(cwd: string, ...argv: string[]): Promise<string[]> {
  const { stdout } = await atPki(cwd, 'check', '--json', ...argv);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; severity: string; file: string; partition: string }[];
  };
  return diagnostics
    .filter(({ code }) => code === 'spaced-name')
    .map(({ code, severity, file, partition }) => [severity, code, file, partition].join(' '));
}

test('a check that is added runs; the runner adds code, severity, place and partition', async (t) => {
  assert.deepEqual(await said(project(t)), ['warning spaced-name a b.crt client_cert']);
});

test('command line and config adjust it', async (t) => {
  const cwd = project(t, { checks: { 'spaced-name': 'info' } });
  assert.deepEqual(await said(cwd), ['info spaced-name a b.crt client_cert']);
  assert.deepEqual(await said(cwd, '--error', 'spaced-name'), ['error spaced-name a b.crt client_cert']);
  assert.deepEqual(await said(cwd, '--off', 'spaced-name'), []);
});

test('it is explained, listed, and a rule of SARIF', async (t) => {
  const cwd = project(t);
  const { stdout: explained } = await atPki(cwd, 'explain', 'spaced-name');
  assert.match(explained, /^spaced-name \(warning\)\n.*\n\nOn the device: Nothing/);
  const { stdout: table } = await atPki(cwd, 'explain', '--markdown');
  assert.match(table, /\| `spaced-name` \| warning \| The name of a file has a space\. \|/);
  const { stdout } = await atPki(cwd, 'check', '--reporter', 'sarif');
  const { runs } = JSON.parse(stdout) as {
    runs: [{ tool: { driver: { rules: { id: string; help: { text: string } }[] } } }];
  };
  const [rule] = runs[0].tool.driver.rules.filter(({ id }) => id === 'spaced-name');
  assert.equal(rule?.help.text, 'Rename it. Source: A test.');
});
