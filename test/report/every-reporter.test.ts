import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/commands/index.ts';
import { optionsOf } from '../../src/commands/parse.ts';
import { reporters } from '../../src/report/reporters.ts';
import { madeUpReporter } from '../support/made-up-reporter.ts';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

function project(t: Cleanup): string {
  const folder = scratch(t);
  cpSync(join(fixtures, 'pki/faults/expired.crt'), join(folder, 'a.crt'));
  const partitions = { client_cert: { files: 'a.crt', size: '8K' } };
  writeFileSync(join(folder, 'pki.config.json'), JSON.stringify({ partitions, checks: { expired: 'warning' } }));
  return folder;
}

test('a reporter that is added prints what every command has to report', async (t) => {
  reporters['made-up'] = async () => madeUpReporter;
  t.after(() => delete reporters['made-up']);
  const cwd = project(t);
  const printed: string[] = [];
  for (const argv of [['build'], ['check'], ['inspect', 'a.crt'], ['certs', 'list', '--expires-within', '1']])
    printed.push((await atPki(cwd, ...argv, '--reporter', 'made-up')).stdout);
  assert.deepEqual(
    printed.map((text) => text.replace(/\(.*\)/, '()')),
    [
      'made up: build () expired\n',
      'made up: check () expired\n',
      'made up: inspect () \n',
      'made up: certs list () expired\n',
    ],
  );
  assert.match(printed[0] ?? '', /\(durationMs cwd config/);
});

test('every command takes --reporter, but those that stand in for a script of esp-at', async () => {
  const without: string[] = [];
  for (const [name, { load }] of Object.entries(commands)) {
    const options = optionsOf(await load());
    if (options.reporter === undefined) without.push(name);
    else assert.deepEqual(options.reporter.choices, ['pretty', 'json', 'github', 'sarif'], name);
  }
  assert.deepEqual(without, ['generate_bin', 'parse_bin']);
});

test('the overlap of two partitions names both places, whatever prints it', async (t) => {
  const cwd = scratch(t);
  const row = (name: string, offset: string) => `  "${name}": { "files": "a", "offset": "${offset}", "size": "8K" }`;
  writeFileSync(
    join(cwd, 'pki.config.json'),
    `{ "partitions": {\n${row('client_ca', '0x1000')},\n${row('mqtt_ca', '0x2000')}\n} }`,
  );
  const by = async (reporter: string) => {
    const { stdout, stderr } = await atPki(cwd, 'check', '--reporter', reporter);
    return stdout + stderr;
  };
  assert.match(
    await by('pretty'),
    /\n {2}--> pki\.config\.json:3:40\n.*\n.*\n {2}= client_ca: pki\.config\.json:2:42\n/,
  );
  const [first] = (
    JSON.parse(await by('json')) as {
      diagnostics: { code: string; line: number; endColumn: number; related: object }[];
    }
  ).diagnostics;
  assert.deepEqual(
    [first?.code, first?.line, first?.endColumn, first?.related],
    [
      'partition-overlap',
      3,
      48,
      [{ message: 'client_ca', file: 'pki.config.json', line: 2, column: 42, endColumn: 50 }],
    ],
  );
  const { runs } = JSON.parse(await by('sarif')) as { runs: [{ results: [{ relatedLocations: object[] }] }] };
  assert.deepEqual(runs[0].results[0].relatedLocations, [
    {
      physicalLocation: {
        artifactLocation: { uri: 'pki.config.json' },
        region: { startLine: 2, startColumn: 42, endColumn: 50 },
      },
      message: { text: 'client_ca' },
    },
  ]);
  assert.match(
    await by('github'),
    /^::error file=pki\.config\.json,line=3,col=40,endColumn=48,title=.*%0Aclient_ca: pki\.config\.json:2:42%0A/,
  );
});
