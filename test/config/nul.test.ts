import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { build, check } from '../../src/index.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const nul = 'a\0b';
const partition = { files: 'a.crt', offset: '0x2e000', size: '8K' };
const config = { rawData: '.', partitions: { client_ca: partition } };
const withPartition = (more: object) => ({ ...config, partitions: { client_ca: { ...partition, ...more } } });
const withNvs = (namespaces: object) => ({ partitions: { mfg_nvs: { namespaces, offset: '0x2e000', size: '8K' } } });

/** Every property that names a path, a program, a variable, or becomes a part of one. */
const places: [name: string, config: object, subject: string][] = [
  ...['rawData', 'outDir', 'partitionTable', 'mainPartitionTable', 'module', 'chip'].map(
    (name): [string, object, string] => [name, { ...config, [name]: nul }, `"${name}"`],
  ),
  ['files', withPartition({ files: nul }), '"files"'],
  ['a file of several', withPartition({ files: ['a.crt', nul] }), 'an entry of "files"'],
  ['a pattern', withPartition({ files: '*\0*' }), '"files"'],
  ['file of a source', withPartition({ files: { file: nul } }), '"file"'],
  ['env', withPartition({ files: { env: nul } }), '"env"'],
  ['exec', withPartition({ files: { exec: [nul] } }), 'an entry of "exec"'],
  ['an argument of exec', withPartition({ files: { exec: ['cat', nul] } }), 'an entry of "exec"'],
  ['file of a partition', withPartition({ file: nul }), '"file"'],
  ['a password', withPartition({ normalize: { password: { env: nul } } }), '"env"'],
  ['a hook', { ...config, hooks: { preBuild: ['node', nul] } }, 'an entry of "preBuild"'],
  ['a line for the shell', { ...config, hooks: { postBuild: { shell: nul } } }, '"shell"'],
  ['esptool', { ...config, flash: { esptool: [nul] } }, 'an entry of "esptool"'],
  ['port', { ...config, flash: { port: nul } }, '"port"'],
  ['files of a namespace', withNvs({ my_ca: { files: nul } }), '"files"'],
  ['a namespace', withNvs({ [nul]: { values: {} } }), 'this name'],
  ['a key', withNvs({ my: { values: { [nul]: { encoding: 'u8', value: 1 } } } }), 'this name'],
  ['the services', withNvs({ ble_data: { csv: nul } }), '"csv"'],
  ['the factory module', withNvs({ factory_param: { module: nul } }), '"module"'],
];
for (const [name, value, subject] of places) {
  /** Node throws at a NUL in a path or an argument: the build would end with a stack instead of words. */
  test(`a NUL is refused where it stands: ${name}`, async (t) => {
    const file = join(scratch(t), 'pki.config.json');
    writeFileSync(file, JSON.stringify(value));
    const { diagnostics } = await loadConfig(file);
    const found = diagnostics.find(({ message }) => message === `${subject} holds a NUL character`);
    assert.equal(found?.place?.line, 1, diagnostics.map(({ message }) => message).join());
  });
}

test('a value of an NVS image may hold a NUL', async (t) => {
  const file = join(scratch(t), 'pki.config.json');
  writeFileSync(file, JSON.stringify(withNvs({ my: { values: { key: { encoding: 'binary', value: nul } } } })));
  assert.deepEqual((await loadConfig(file)).diagnostics, []);
});

for (const option of ['cwd', 'config', 'table', 'module'] as const) {
  test(`a NUL that a program gives to the library is refused: ${option}`, async () => {
    for (const call of [build, check]) {
      const { diagnostics } = await call({ [option]: nul });
      assert.equal(diagnostics[0]?.message, `${option} holds a NUL character`);
    }
  });
}

for (const argv of [
  ['check', '--table', nul],
  ['build', '--cwd', nul],
  ['inspect', nul],
  ['certs', 'create', 'mqtt', '-o', nul],
  ['build', '--exec', 'node', nul],
]) {
  test(`a NUL in an argument is refused: ${argv.join(' ').replace(nul, '')}`, async () => {
    const { code, stderr } = await atPki('/', ...argv);
    assert.equal(code, 2);
    assert.match(stderr, /a NUL character stands in the argument a\\x00b/);
  });
}
