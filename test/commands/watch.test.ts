import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/paths.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { session } from '../support/watch-session.ts';

const key = (name: string): string => readFileSync(join(fixtures, `pki/faults/${name}.key`), 'utf8');

/** A project of one key, `a.key`, and what the config has beside it. */
function project(t: Cleanup, more: object = {}, files: unknown = 'a.key'): string {
  const cwd = scratch(t);
  writeFileSync(join(cwd, 'a.key'), key('good'));
  const partitions = { mqtt_key: { files, size: '8K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ outDir: 'out', partitions, ...more }));
  return cwd;
}

const withoutTimes = (text: string): string => text.replace(/\d+ ms|\d+\.\d s/g, 'N ms');

test('it says what changed and what that led to, and ends at Ctrl-C with 130', async (t) => {
  const cwd = project(t);
  const watch = session(t, cwd, []);
  const { said } = watch;
  await until(() => said.stderr.includes('watching'));
  // A config may come in every folder above: how many there are depends on the machine.
  assert.match(said.stderr, /^watching \d+ folders; Ctrl-C ends\n$/);
  assert.match(said.stdout, /✓ pki\.config\.json · 1 built \((?:\d+ ms|\d+\.\d s)\)\n$/);
  said.stdout = said.stderr = '';
  const next = async (change: () => void, lines: number): Promise<string> => {
    change();
    await until(() => `${said.stdout}${said.stderr}`.split('\n').length > lines, said.stderr);
    const text = withoutTimes(`${said.stdout}${said.stderr}`);
    said.stdout = said.stderr = '';
    return text;
  };
  const file = join(cwd, 'a.key');
  assert.equal(await next(() => writeFileSync(file, key('other')), 1), '12:04:31 a.key → mqtt_key.bin built (N ms)\n');
  const gone = await next(() => renameSync(file, `${file}.away`), 5);
  assert.match(gone, /^12:04:31 a\.key \(gone\) → 1 error, no image changed \(N ms\)\nerror\[source-missing\]: a\.key/);
  // What stays wrong is not said again.
  const config = join(cwd, 'pki.config.json');
  const spaced = `${readFileSync(config, 'utf8')}\n`;
  assert.equal(
    await next(() => writeFileSync(config, spaced), 1),
    '12:04:31 pki.config.json → still 1 error, no image changed (N ms)\n',
  );
  assert.equal(
    await next(() => renameSync(`${file}.away`, file), 1),
    '12:04:31 a.key (new) → in order again, no image changed (N ms)\n',
  );
  assert.equal((await watch.interrupt()).code, 130);
});

test('--json prints a document a line for each build, --quiet only what is wrong', async (t) => {
  const cwd = project(t);
  const loud = session(t, cwd, ['--json']);
  const quiet = session(t, cwd, ['--quiet']);
  const documents = () => loud.said.stdout.trim().split('\n');
  await until(() => loud.said.stdout.endsWith('\n'));
  writeFileSync(join(cwd, 'a.key'), 'nonsense');
  await until(() => documents().length === 2 && quiet.said.stderr !== '');
  const [first, second] = documents().map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual([first?.command, first?.ok, first?.changed], ['watch', true, []]);
  assert.deepEqual([second?.ok, second?.changed], [false, [{ file: 'a.key', what: 'changed' }]]);
  assert.equal(loud.said.stderr, '');
  assert.equal(quiet.said.stdout, '');
  assert.match(quiet.said.stderr, /^error\[unparsable\]/);
  await Promise.all([loud.interrupt(), quiet.interrupt()]);
});

test('hooks run after each build that changed something; one that still runs is waited for', async (t) => {
  const log = `require('node:fs').appendFileSync('log', process.argv.slice(1).join(' ') + '\\n')`;
  const slow = `${log}; const look = setInterval(() => {
    if (!require('node:fs').existsSync('go')) return;
    clearInterval(look); process.argv[1] = 'end'; ${log}
  }, 20)`;
  const cwd = project(t, { hooks: { postBuild: [process.execPath, '-e', slow, 'start'] } });
  const text = () => (existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'utf8') : '');
  const lines = () => text().split('\n').slice(0, -1);
  const watch = session(t, cwd, ['--exec', process.execPath, '-e', log, 'exec']);
  await until(() => lines().length === 1);
  // A second watch of the same file, without hooks, shows when its change has been noticed.
  const other = session(t, project(t, {}, join(cwd, 'a.key')), ['--json']);
  await until(() => other.said.stdout.endsWith('\n'));
  writeFileSync(join(cwd, 'a.key'), key('other'));
  await until(() => other.said.stdout.split('\n').length > 2);
  assert.deepEqual(lines(), ['start']);
  writeFileSync(join(cwd, 'go'), '');
  await until(() => lines().length === 6);
  assert.deepEqual(lines(), ['start', 'end', 'exec', 'start', 'end', 'exec']);
  assert.equal((await watch.interrupt()).code, 130);
});

test('a hook that writes a source each time does not keep a watch busy', async (t) => {
  const write = `const fs = require('node:fs'); fs.appendFileSync('log', 'x'); fs.writeFileSync('a.key', fs.readFileSync('b.key'))`;
  const cwd = project(t, { hooks: { preBuild: [process.execPath, '-e', write] } }, ['a.key']);
  writeFileSync(join(cwd, 'b.key'), key('good'));
  const watch = session(t, cwd, ['--json']);
  const documents = () => watch.said.stdout.split('\n').length - 1;
  await until(() => documents() === 1);
  // Once more, so that the time for a second look has passed when the next document comes.
  for (const [count, name] of ['other', 'good'].entries()) {
    writeFileSync(join(cwd, 'b.key'), key(name));
    writeFileSync(join(cwd, 'a.key'), `${key('good')}\n# ${count}\n`);
    await until(() => documents() === count + 2);
  }
  const runs = readFileSync(join(cwd, 'log'), 'utf8').length;
  assert.ok(runs <= 4, `${runs} runs`);
  await watch.interrupt();
});

test('Ctrl-C ends a hook and the program of a source that would not end', async (t) => {
  const stubborn = `process.on('SIGTERM', () => {}); require('node:fs').writeFileSync('started', ''); setInterval(() => {}, 1000)`;
  const program = [process.execPath, '-e', stubborn];
  for (const cwd of [project(t, { hooks: { postBuild: program } }), project(t, {}, { exec: program })]) {
    const watch = session(t, cwd, []);
    await until(() => existsSync(join(cwd, 'started')));
    assert.equal((await watch.interrupt()).code, 130);
    assert.doesNotMatch(watch.said.stderr, /watching|source-program/);
  }
});

test('a program of a source is run once, until the config changes', async (t) => {
  const script = `const fs = require('node:fs'); fs.appendFileSync('log', 'x'); console.log(fs.readFileSync('b.key', 'utf8'))`;
  const cwd = project(t, {}, [{ exec: [process.execPath, '-e', script] }, 'a.key']);
  writeFileSync(join(cwd, 'b.key'), key('good'));
  const calls = () => readFileSync(join(cwd, 'log'), 'utf8').length;
  const watch = session(t, cwd, []);
  await until(() => watch.said.stderr.includes('watching'));
  writeFileSync(join(cwd, 'a.key'), key('other'));
  await until(() => watch.said.stdout.includes('a.key →'));
  assert.equal(calls(), 1);
  const config = join(cwd, 'pki.config.json');
  writeFileSync(config, `${readFileSync(config, 'utf8')}\n`);
  await until(() => calls() === 2);
  await watch.interrupt();
});

test('a password is asked for once, and again after a wrong one', async (t) => {
  const cwd = project(t, { normalize: { password: { env: 'KEY_PASSWORD' } } });
  const answers = ['wrong', 'secret'];
  const questions: string[] = [];
  writeFileSync(join(cwd, 'a.key'), key('encrypted_pkcs8'));
  const watch = session(t, cwd, ['--json'], {
    askPassword: async (question) => {
      questions.push(question);
      return answers.shift();
    },
  });
  const documents = () => watch.said.stdout.split('\n').length - 1;
  await until(() => documents() === 1);
  for (let time = 2; time <= 4; time++) {
    writeFileSync(join(cwd, 'a.key'), `${key('encrypted_pkcs8')}${'\n'.repeat(time)}`);
    await until(() => documents() === time);
  }
  assert.equal(questions.length, 2, watch.said.stdout);
  await watch.interrupt();
});

test('a folder without a project is watched, too: a config may come', async (t) => {
  const cwd = scratch(t);
  const watch = session(t, cwd, []);
  await until(() => watch.said.stderr.includes('watching'));
  assert.match(watch.said.stderr, /^error\[nothing-to-build\]/);
  const other = project(t);
  writeFileSync(join(cwd, 'a.key'), key('good'));
  renameSync(join(other, 'pki.config.json'), join(cwd, 'pki.config.json'));
  await until(() => watch.said.stdout.includes('→ in order again, mqtt_key.bin built'));
  rmSync(other, { recursive: true });
  await watch.interrupt();
});
