import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/paths.ts';
import { atPki, type Ran } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

// `"postBuild": { "shell": "make flash" }` writes to the device whatever is in the output folder: after a build with an
// error, that is half of a set.

const log = (word: string): string[] => [process.execPath, '-e', `fs.appendFileSync('log', '${word} ')`];

interface Project {
  readonly cwd: string;
  change(name: string, file: string | undefined): void;
  /** Adds to the config. */
  set(settings: object): void;
  /** Builds; the programs that ran since the last build. */
  build(...argv: string[]): Promise<Ran & { ran: string }>;
}

function project(t: Cleanup): Project {
  const cwd = scratch(t);
  const slots = ['mqtt_ca', 'client_ca', 'data'];
  const partitions = Object.fromEntries(
    slots.map((name, index) => [name, { files: `${name}.crt`, offset: 4096 * (index + 1), size: 4096 }]),
  );
  const config = {
    outDir: 'out',
    partitions: { ...partitions, data: { ...partitions.data, format: 'raw' } },
    hooks: { postBuild: log('hook') },
  };
  const set = (settings: object) =>
    writeFileSync(join(cwd, 'pki.config.json'), JSON.stringify({ ...config, ...settings }));
  const change = (name: string, file: string | undefined) => {
    rmSync(join(cwd, `${name}.crt`), { force: true });
    if (file !== undefined) cpSync(join(fixtures, 'pki/faults', file), join(cwd, `${name}.crt`));
  };
  for (const name of slots) change(name, 'good_ca.crt');
  set({});
  return {
    ...{ cwd, change, set },
    async build(...argv) {
      rmSync(join(cwd, 'log'), { force: true });
      const run = await atPki(cwd, 'build', ...argv, '--exec', ...log('exec'));
      const ran = existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'utf8').trim() : '';
      return { ...run, ran };
    },
  };
}

test('postBuild and --exec run after a build that changed an image', async (t) => {
  const { build, change } = project(t);
  assert.equal((await build()).ran, 'hook exec');
  assert.equal((await build()).ran, '');
  change('data', 'other.key');
  assert.equal((await build()).ran, 'hook exec');
});

const errors: [what: string, spoil: (project: Project) => void][] = [
  ['a partition lacks its file', ({ change }) => change('mqtt_ca', undefined)],
  ['a file is not what its slot takes', ({ change }) => change('mqtt_ca', 'good.key')],
];
for (const [what, spoil] of errors) {
  test(`neither runs where ${what}, although another image changed`, async (t) => {
    const given = project(t);
    await given.build();
    given.change('data', 'other.key');
    const image = readFileSync(join(given.cwd, 'out/data.bin'));
    spoil(given);
    const run = await given.build();
    assert.deepEqual([run.code, run.ran], [1, '']);
    assert.notDeepEqual(readFileSync(join(given.cwd, 'out/data.bin')), image);
  });
}

test('neither runs where there are more warnings than --max-warnings allows', async (t) => {
  const { build, change } = project(t);
  await build();
  change('data', 'other.key');
  change('mqtt_ca', 'ca_false.crt');
  const { code, ran } = await build('--max-warnings', '0');
  assert.deepEqual([code, ran], [1, '']);
});

test('a change of flash_args alone is not a changed image', async (t) => {
  const { build, set, cwd } = project(t);
  await build();
  const before = readFileSync(join(cwd, 'out/flash_args'), 'utf8');
  set({ flash: { mode: 'qio' } });
  assert.equal((await build()).ran, '');
  assert.notEqual(readFileSync(join(cwd, 'out/flash_args'), 'utf8'), before);
});
