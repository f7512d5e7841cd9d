import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../src/commands/index.ts';
import { version } from '../src/core/version.ts';
import { atPki } from './support/run-rig.ts';
import { scratch } from './support/scratch.ts';

test('help of the program and of each command, in all the ways people ask for it', async () => {
  const program = await atPki('/', '--help');
  assert.equal(program.code, 0);
  for (const name of Object.keys(commands)) assert.match(program.stdout, new RegExp(`^ {2}${name} `, 'm'));
  for (const argv of [['help'], ['-h'], ['help', '--json']]) assert.deepEqual(await atPki('/', ...argv), program);

  for (const name of Object.keys(commands)) {
    const shown = await atPki('/', name, '--help');
    assert.equal(shown.code, 0);
    assert.equal(shown.stderr, '');
    assert.match(shown.stdout, new RegExp(`^Usage: at-pki ${name} `, 'm'));
    assert.match(shown.stdout, new RegExp(`^Examples:\n {2}at-pki ${name} `, 'm'));
    for (const line of shown.stdout.split('\n')) assert.ok(line.length <= 110, line);
    assert.deepEqual(await atPki('/', 'help', name), shown);
    assert.deepEqual(await atPki('/', name, '-h'), shown);
  }
});

test('the summary in the list is the one of the command', async () => {
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = await load();
    assert.deepEqual([command.name, command.summary], [name, summary]);
  }
});

test('the version', async () => {
  for (const argv of [['--version'], ['-V'], ['build', '--version'], ['inspect', '-V']]) {
    assert.deepEqual(await atPki('/', ...argv), { code: 0, stdout: `${version}\n`, stderr: '' });
  }
});

test('no command at all: the help, as an error', async () => {
  const { code, stdout, stderr } = await atPki('/');
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Usage: at-pki COMMAND/m);
});

const wrong: [argv: string[], stderr: string][] = [
  [['biuld'], 'error[usage]: there is no command "biuld"\n  → did you mean build?\n'],
  [['frobnicate'], 'error[usage]: there is no command "frobnicate"\n  → at-pki --help lists the commands\n'],
  [['constructor'], 'error[usage]: there is no command "constructor"\n  → at-pki --help lists the commands\n'],
  [['help', 'inspct'], 'error[usage]: there is no command "inspct"\n  → did you mean inspect?\n'],
  [
    ['--cwd', '/', 'build'],
    'error[usage]: a command comes first, then options such as --cwd\n  → at-pki COMMAND --cwd; at-pki --help lists the commands\n',
  ],
  [
    ['--biuld'],
    'error[usage]: a command comes first, then options such as --biuld\n  → at-pki COMMAND --biuld; at-pki --help lists the commands\n',
  ],
  [
    ['build', '--chek'],
    'error[usage]: there is no option --chek\n  → did you mean --check? (at-pki build --help tells more)\n',
  ],
  [
    ['build', '--check', '--dry-run'],
    'error[usage]: --check and --dry-run contradict each other\n  → leave one of them out (at-pki build --help tells more)\n',
  ],
  [['build', '--cwd', '/no/such/folder'], 'error[usage]: --cwd /no/such/folder is not a folder\n'],
  [['extract', 'a.bin'], 'error[usage]: extract needs a folder to write to\n  → add -o DIR\n'],
];
for (const [argv, stderr] of wrong) {
  test(`wrong use: ${argv.join(' ')}`, async (t) => {
    const { code, stdout, stderr: said } = await atPki(scratch(t), ...argv);
    assert.deepEqual([code, stdout], [2, '']);
    // The summary of the build reporter follows the message.
    assert.equal(said.replace(/^✗ .*\n/m, ''), stderr);
  });
}

test('--json: one document on stdout and nothing on stderr, whatever is wrong', async (t) => {
  const cwd = scratch(t);
  for (const argv of [
    ['biuld', '--json'],
    ['--json'],
    ['build', '--json', '--bogus'],
    ['build', '--json', '--cwd', '/no/such/folder'],
    ['build', '--reporter', 'json', '--bogus'],
    ['build', '--reporter=json', '--bogus'],
    ['build', '--json', '--reporter', 'github'],
    ['build', '--module', '--json'],
    ['build', '--json'],
    ['inspect', 'nothing.bin', '--json'],
    ['inspect', '--json'],
    ['extract', 'nothing.bin', '--json', '-o', 'out'],
  ]) {
    const { code, stdout, stderr } = await atPki(cwd, ...argv);
    assert.equal(stderr, '', argv.join(' '));
    const document = JSON.parse(stdout) as { version: number; ok: boolean; command: string; diagnostics: unknown[] };
    assert.deepEqual([document.version, document.ok, document.diagnostics.length], [1, false, 1], argv.join(' '));
    assert.equal(document.command, argv[0]);
    assert.ok(code === 1 || code === 2);
  }
});

test('behind -- stands a name: --json there asks for nothing', async (t) => {
  const { stdout, stderr } = await atPki(scratch(t), 'inspect', '--', '--json', 'too', 'many');
  assert.equal(stdout, '');
  assert.match(stderr, /one word too many/);
});

test('the github reporter says what is wrong with the command line, too', async (t) => {
  const { stdout } = await atPki(scratch(t), 'build', '--reporter', 'github', '--bogus');
  assert.equal(stdout, '::error title=at-pki%3A usage::there is no option --bogus%0Aat-pki build --help tells more\n');
});

test('--cwd is where everything happens', async (t) => {
  const cwd = scratch(t);
  mkdirSync(join(cwd, 'sub'));
  writeFileSync(join(cwd, 'sub/a.crt'), 'a');
  const { code } = await atPki(cwd, 'inspect', '--cwd', 'sub', 'a.crt', '--json');
  assert.equal(code, 1);
  const { stdout } = await atPki(cwd, 'inspect', '--cwd', 'sub', 'a.crt', '--json');
  assert.match(stdout, /"image-unknown"/);
});

test('exit codes: 1 for a file that is wrong, 2 for wrong use', async (t) => {
  const cwd = scratch(t);
  assert.equal((await atPki(cwd, 'inspect', 'nothing.bin')).code, 1);
  assert.equal((await atPki(cwd, 'inspect')).code, 2);
  assert.equal((await atPki(cwd, 'build')).code, 2);
});
