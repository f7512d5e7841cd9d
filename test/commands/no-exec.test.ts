import assert from 'node:assert/strict';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/paths.ts';
import { atPki } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const key = join(fixtures, 'pki/faults/good.key');
const script = `const fs = require('node:fs'); fs.writeFileSync('ran', ''); console.log(fs.readFileSync('${key}', 'utf8'))`;
const touch = [process.execPath, '-e', script];

test('--no-exec runs no program of the config, and exits with 2', async (t) => {
  const cwd = scratch(t);
  const partitions = { mqtt_key: { files: { exec: touch }, size: '8K' } };
  writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ partitions }, undefined, 2));
  const refused = await atPki(cwd, 'build', '--no-exec');
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /error\[exec-refused\]: \S*node\S* is not run, because of --no-exec\n {2}--> pki\.config\.json:4:16/,
  );
  assert.equal(existsSync(join(cwd, 'ran')), false);
  assert.equal((await atPki(cwd, 'build')).code, 0);
  assert.equal(existsSync(join(cwd, 'ran')), true);
});

for (const ending of ['js', 'mjs', 'cjs', 'ts']) {
  for (const named of [false, true]) {
    test(`--no-exec does not run pki.config.${ending}${named ? ', named by --config' : ''}`, async (t) => {
      const cwd = scratch(t);
      const name = `pki.config.${ending}`;
      writeFileSync(join(cwd, name), 'globalThis.ranConfig = true; throw new Error("it ran");');
      const { code, stderr } = await atPki(cwd, 'build', '--no-exec', ...(named ? ['--config', name] : []));
      assert.equal(code, 2);
      assert.match(stderr, /error\[.*is a program, which is not run because of --no-exec/);
      assert.doesNotMatch(stderr, /it ran/);
    });
  }
}

test('--no-exec changes nothing for a config without programs', async (t) => {
  const cwd = scratch(t);
  cpSync(key, join(cwd, 'a.key'));
  writeFileSync(join(cwd, 'pki.config.json'), '{ "partitions": { "mqtt_key": { "files": "a.key", "size": "8K" } } }');
  assert.equal((await atPki(cwd, 'build', '--no-exec')).code, 0);
});
