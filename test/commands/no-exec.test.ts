import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/commands/index.ts';
import { build, check, flash } from '../../src/index.ts';
import { fixtures, packageRoot } from '../support/paths.ts';
import { programsIn } from '../support/programs-in-schema.ts';
import { atPki, atPkiIn } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

// A pull request of a stranger may change the config, and CI runs at-pki --no-exec on it: whatever program the config
// names would run there.

const key = join(fixtures, 'pki/faults/good.key');
const script = `const fs = require('node:fs'); fs.writeFileSync('RAN', ''); console.log(fs.readFileSync('${key}', 'utf8'))`;
const touch = [process.execPath, '-e', script];
const skip = process.platform === 'win32' && 'needs a POSIX shell';
/** Nothing listens there. */
const port = 'socket://127.0.0.1:9';
const place = { offset: '0x1000', size: '64K' };
const plain = { outDir: 'out', flash: { port } };
const fromFile = { mqtt_key: { files: 'a.key', ...place } };

/** Configs with a program, by the path of the property that names it and by the forms that it takes there. */
const configs: Readonly<Record<string, readonly object[]>> = {
  'flash.esptool': [touch, './touch.sh'].map((esptool) => ({ partitions: fromFile, flash: { port, esptool } })),
  ...Object.fromEntries(
    ['preBuild', 'postBuild', 'postFlash'].map((hook) => [
      `hooks.${hook}`,
      [touch, { shell: './touch.sh' }].map((program) => ({ partitions: fromFile, hooks: { [hook]: program } })),
    ]),
  ),
  'partitions.*.files.exec': [{ exec: touch }, ['a.key', { exec: ['./touch.sh'], timeout: 5 }]].map((files) => ({
    partitions: { mqtt_key: { files, ...place } },
  })),
  'partitions.*.namespaces.*.files.exec': [{ exec: touch }, [{ exec: touch }]].map((files) => ({
    partitions: { mfg_nvs: { format: 'nvs', namespaces: { mqtt_key: { files } }, ...place } },
  })),
};

test('these are all properties of the schema that name a program', () => {
  const schema = JSON.parse(readFileSync(join(packageRoot, 'schema/pki.config.schema.json'), 'utf8'));
  assert.deepEqual(
    programsIn(schema)
      .map((path) => path.join('.'))
      .sort(),
    Object.keys(configs).sort(),
  );
});

/** Command lines of all commands that open a project. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  build: [[], ['--force'], ['--check'], ['--dry-run'], ['--flash', '--port', port]],
  check: [[]],
  flash: [
    ['--port', port],
    ['--restore', 'backup'],
    ['--esptool', './touch.sh'],
  ],
  read: [
    ['--port', port],
    ['flash', '-o', 'x.bin', '--port', port],
    ['--esptool', './touch.sh'],
  ],
  inspect: [['--port', port, 'mqtt_key']],
  extract: [['--port', port, 'mqtt_key', '-o', 'x']],
  diff: [['--port', port, 'mqtt_key', 'a.key']],
  watch: [[], ['--flash', '--port', port]],
  'certs list': [[]],
  'certs create': [['mqtt', '--force']],
};

test('these are all commands that take --no-exec', async () => {
  const taking: string[] = [];
  for (const [name, { load }] of Object.entries(commands)) {
    if ('no-exec' in (await load()).options) taking.push(name);
  }
  assert.deepEqual(taking.sort(), Object.keys(calls).sort());
});

/** Programs are run in different folders: what they touch is in that of the test. */
const placed = (cwd: string, text: string): string =>
  text.replaceAll("'RAN'", `'${join(cwd, 'RAN')}'`).replaceAll('./touch.sh', join(cwd, 'touch.sh'));

/** A folder with a config in JSON or, where it is a text, of another ending. */
function project(t: Cleanup, config: object | string, name = 'pki.config.json'): string {
  const cwd = scratch(t);
  cpSync(key, join(cwd, 'a.key'));
  writeFileSync(join(cwd, 'touch.sh'), `#!/bin/sh\ntouch '${join(cwd, 'RAN')}'\ncat '${key}'\n`);
  chmodSync(join(cwd, 'touch.sh'), 0o755);
  const text = typeof config === 'string' ? config : JSON.stringify({ ...plain, ...config });
  writeFileSync(join(cwd, name), placed(cwd, text));
  return cwd;
}

/** Runs a command to its end; a watch is interrupted when its first build is over. */
function run(cwd: string, command: string, argv: readonly string[]) {
  const stop = new AbortController();
  const heard = ({ stdout, stderr }: { stdout: string; stderr: string }) => {
    if (command === 'watch' && /watching|\d ms/.test(stdout + stderr)) stop.abort();
  };
  return atPkiIn({ cwd, signal: stop.signal, heard }, ...command.split(' '), ...argv.map((word) => placed(cwd, word)));
}

for (const [path, forms] of Object.entries(configs)) {
  test(`--no-exec runs no program of ${path}, whatever the command`, { skip }, async (t) => {
    for (const config of forms) {
      for (const [command, lines] of Object.entries(calls)) {
        for (const argv of lines) {
          const cwd = project(t, config);
          await run(cwd, command, [...argv, '--no-exec']);
          assert.ok(!existsSync(join(cwd, 'RAN')), `${command} ${argv.join(' ')}: ${JSON.stringify(config)}`);
        }
      }
    }
  });

  // Else the test above is blind.
  test(`without it they run: ${path}`, { skip: skip || (path === 'hooks.postFlash' && 'needs a board') }, async (t) => {
    for (const config of forms) {
      const cwd = project(t, config);
      await run(cwd, path === 'flash.esptool' ? 'read' : 'build', []);
      assert.ok(existsSync(join(cwd, 'RAN')), JSON.stringify(config));
    }
  });
}

test('the program of the command line is not run either', { skip }, async (t) => {
  for (const command of ['flash', 'read', 'watch --flash']) {
    const cwd = project(t, { partitions: fromFile });
    const { code, stderr } = await run(cwd, command.split(' ')[0] ?? '', [
      ...command.split(' ').slice(1),
      ...['--esptool', './touch.sh', '--no-exec'],
    ]);
    assert.match(stderr, /error\[exec-refused\]: the esptool \S+touch\.sh is not run, because of --no-exec/);
    assert.equal(code, command.startsWith('watch') ? 130 : 2);
    assert.ok(!existsSync(join(cwd, 'RAN')));
  }
});

test('an esptool of the config is refused by every command that would start it, with 2', async (t) => {
  for (const command of ['flash', 'build', 'read', 'inspect', 'extract', 'diff']) {
    for (const argv of calls[command]?.filter((line) => line.includes(port)) ?? []) {
      const cwd = project(t, configs['flash.esptool']?.[0] ?? {});
      const { code, stderr } = await run(cwd, command, [...argv, '--no-exec']);
      assert.match(
        stderr,
        /error\[exec-refused\]: the esptool \S+ is not run, because of --no-exec[^\n]*\n {2}→ leave out/,
      );
      assert.equal(code, 2, command);
    }
  }
});

test('the library refuses with exec: false what --no-exec refuses', { skip }, async (t) => {
  for (const [path, [config = {}]] of Object.entries(configs)) {
    const cwd = project(t, config);
    for (const action of [build, check, flash]) await action({ cwd, exec: false });
    assert.ok(!existsSync(join(cwd, 'RAN')), path);
  }
  const { diagnostics } = await flash({
    cwd: project(t, { partitions: fromFile }),
    exec: false,
    esptool: ['./touch.sh'],
  });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['exec-refused'],
  );
});

for (const ending of ['js', 'mjs', 'cjs', 'ts']) {
  test(`--no-exec does not run pki.config.${ending}, whatever the command, and says so`, async (t) => {
    const config = `require('node:fs').writeFileSync('RAN', ''); globalThis.ranConfig = true; throw new Error('it ran');`;
    for (const [command, lines] of Object.entries(calls)) {
      for (const argv of lines) {
        for (const named of [[], ['--config', `pki.config.${ending}`]]) {
          const cwd = project(t, config, `pki.config.${ending}`);
          const { code, stderr } = await run(cwd, command, [...argv, ...named, '--no-exec']);
          const what = `${command} ${argv.join(' ')}`;
          assert.match(stderr, /error\[exec-refused\]: the config is a program, which is not run/, what);
          assert.equal(code, command === 'watch' ? 130 : 2, what);
          assert.doesNotMatch(stderr, /it ran/);
        }
      }
    }
    assert.ok(!('ranConfig' in globalThis));
  });
}

test('--no-exec names the source that it refuses, and exits with 2', async (t) => {
  const cwd = project(t, {});
  const partitions = { mqtt_key: { files: { exec: touch }, size: '8K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions }, undefined, 2));
  for (const command of ['build', 'check', 'certs list']) {
    const { code, stderr } = await run(cwd, command, ['--no-exec']);
    assert.equal(code, 2);
    const refusal =
      /error\[exec-refused\]: \S*node\S* is not run, because of --no-exec\n {2}--> pki\.config\.json:4:16/;
    assert.match(stderr, refusal);
  }
});

// It refused the project, and named an option that was not given.
test('certs list runs sources as a build does', async (t) => {
  const crt = join(fixtures, 'pki/faults/good.crt');
  const print = `console.log(require('node:fs').readFileSync('${crt}', 'utf8'))`;
  const files = { exec: [process.execPath, '-e', print] };
  const cwd = project(t, { partitions: { mqtt_ca: { files, ...place } } });
  const { code, stdout, stderr } = await atPki(cwd, 'certs', 'list', '--json');
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).certificates.length, 1);
});

test('certs list takes what a variable holds, as a build does', async (t) => {
  const pem = readFileSync(join(fixtures, 'pki/faults/good.crt'), 'utf8');
  const cwd = project(t, { partitions: { mqtt_ca: { files: { env: 'CA_PEM' }, ...place } } });
  const { code, stdout } = await atPkiIn({ cwd, env: { CA_PEM: pem } }, 'certs', 'list', '--json');
  assert.deepEqual([code, JSON.parse(stdout).certificates.length], [0, 1]);
});

test('--no-exec changes nothing for a config without programs', async (t) => {
  const cwd = project(t, { partitions: fromFile });
  for (const command of ['build', 'check', 'certs list']) {
    assert.equal((await run(cwd, command, ['--no-exec'])).code, 0, command);
  }
});
