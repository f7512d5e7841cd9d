import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleCheckout } from '../support/example-checkout.ts';
import { fixtures } from '../support/paths.ts';
import { atPkiIn } from '../support/run-rig.ts';
import { scratch } from '../support/scratch.ts';

const day = 24 * 60 * 60 * 1000;
const posix = { skip: process.platform === 'win32' && 'modes and links of POSIX' };

/** A checkout that was built, and the folder of its stamps. Its clock goes an hour ahead, so that all files are old. */
function idle(t: TestContext) {
  const folder = exampleCheckout(t);
  const stamps = join(scratch(t), 'stamps');
  let time = Date.now() + 60 * 60 * 1000;
  const at = (path: string) => join(folder, path);
  const build = async (...argv: string[]) => {
    const { code, stdout, stderr } = await atPkiIn(
      { cwd: folder, stamps, now: () => new Date(time) },
      'build',
      ...argv,
    );
    return { code, said: `${stdout}${stderr}`.replace(/\([\d,.]+ m?s\)/, '(TIME)') };
  };
  return {
    at,
    build,
    stamps,
    /** Lets time pass. */
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    /** Builds until there is nothing to do and a stamp says so. */
    async settle(...argv: string[]) {
      await build(...argv);
      const said = await build(...argv);
      assert.equal(readdirSync(stamps).length, 1);
      return said;
    },
    /** What a build says that believes no stamp. */
    async whole(...argv: string[]) {
      const { code, stdout, stderr } = await atPkiIn({ cwd: folder, now: () => new Date(time) }, 'build', ...argv);
      return { code, said: `${stdout}${stderr}`.replace(/\([\d,.]+ m?s\)/, '(TIME)') };
    },
  };
}

/** Gives the stamp another result, by which a build that believes it is known. */
function mark(stamps: string): void {
  const [name = ''] = readdirSync(stamps);
  const file = join(stamps, name);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"module":"module_esp32_default"', '"module":"module_of_the_stamp"'),
  );
}

const rawData = 'components/customized_partitions/raw_data';
const ca = `${rawData}/client_ca/client_ca_00.crt`;

test('a build with nothing to do leaves a stamp, for its owner alone, and the next one goes by it', async (t) => {
  const { build, settle, stamps, whole } = idle(t);
  const second = await settle();
  mark(stamps);
  const third = await build();
  assert.equal(third.said, second.said.replaceAll('module_esp32_default', 'module_of_the_stamp'));
  assert.deepEqual(second, await whole());
  const [name = ''] = readdirSync(stamps);
  if (process.platform !== 'win32') assert.equal(statSync(join(stamps, name)).mode & 0o777, 0o600);
});

test('another reporter, option or partition is another command line', async (t) => {
  const { build, settle, whole } = idle(t);
  await settle();
  for (const argv of [['--json'], ['--off', 'test-material'], ['client_ca'], ['--force'], ['--check']]) {
    const { code, said } = await build(...argv);
    const expected = await whole(...argv);
    const timeless = (text: string) => text.replace(/"durationMs": \d+/, '');
    assert.deepEqual([code, timeless(said)], [expected.code, timeless(expected.said)], argv.join(' '));
  }
});

type Change = (at: (path: string) => string) => void;
const changes: Readonly<Record<string, Change>> = {
  'a byte of a source': (at) => writeFileSync(at(ca), `${readFileSync(at(ca), 'utf8')}\n`),
  'a source of the same length and time': (at) => {
    const { atime, mtime } = statSync(at(ca));
    const text = readFileSync(at(ca), 'latin1');
    writeFileSync(at(ca), text.replace(/[A-Za-z](?=\n-----END)/, '!'), 'latin1');
    utimesSync(at(ca), atime, mtime);
  },
  'another file in the place of a source': (at) => {
    cpSync(join(fixtures, 'pki/raw_data/mqtt_ca/mqtt_ca.crt'), at('other.crt'));
    renameSync(at('other.crt'), at(ca));
  },
  'a further source': (at) => cpSync(at(ca), at(`${rawData}/client_ca/client_ca_01.crt`)),
  'a source that is gone': (at) => rmSync(at(ca)),
  'a folder of sources that is gone': (at) => rmSync(at(`${rawData}/mqtt_ca`), { recursive: true }),
  'an image that is gone': (at) => rmSync(at('build/customized_partitions/client_ca.bin')),
  'an image that was changed': (at) => writeFileSync(at('build/customized_partitions/client_ca.bin'), 'x'),
  'the arguments for esptool that are gone': (at) => rmSync(at('build/customized_partitions/flash_args')),
  'a table': (at) => {
    const csv = at('module_config/module_esp32_default/at_customize.csv');
    writeFileSync(csv, readFileSync(csv, 'utf8').replace('0x2e000', '0x3e000'));
  },
  'an sdkconfig': (at) => writeFileSync(at('sdkconfig'), 'CONFIG_IDF_TARGET="esp32c3"\n'),
  'a config': (at) => writeFileSync(at('pki.config.json'), '{ "checks": { "test-material": "error" } }'),
  'another module': (at) =>
    cpSync(at('module_config/module_esp32_default'), at('module_config/module_b'), { recursive: true }),
};
for (const [what, change] of Object.entries(changes)) {
  test(`no stamp hides ${what}`, async (t) => {
    const { at, build, settle, stamps, whole } = idle(t);
    await settle();
    mark(stamps);
    change(at);
    // What the first build mends the second would not see.
    const copy = scratch(t);
    cpSync(at('build'), copy, { recursive: true });
    const after = await build();
    rmSync(at('build'), { recursive: true });
    cpSync(copy, at('build'), { recursive: true });
    assert.doesNotMatch(after.said, /module_of_the_stamp/);
    assert.deepEqual(after, await whole());
  });
}

test('no stamp hides the mode of a key or where a link leads', posix, async (t) => {
  const { at, build, settle, whole } = idle(t);
  const key = at(`${rawData}/client_key/client_key_00.key`);
  renameSync(key, at('one.key'));
  cpSync(at('one.key'), at('two.key'));
  writeFileSync(at('two.key'), 'no key');
  symlinkSync(at('one.key'), key);
  await settle();
  chmodSync(at('one.key'), 0o666);
  assert.deepEqual(await build(), await whole());
  await settle();
  rmSync(key);
  symlinkSync(at('two.key'), key);
  const broken = await build();
  assert.equal(broken.code, 1);
  assert.deepEqual(broken, await whole());
});

test('a stamp holds until a certificate is a day older, and not before it was made', async (t) => {
  const { build, settle, stamps, wait, whole } = idle(t);
  await settle();
  mark(stamps);
  assert.match((await build()).said, /module_of_the_stamp/);
  wait(day);
  assert.deepEqual(await build(), await whole());
  mark(stamps);
  wait(-day);
  assert.doesNotMatch((await build()).said, /module_of_the_stamp/);
});

test('nothing is stamped that a program, a variable or a hook has a part in, or that has errors', async (t) => {
  const { at, build, stamps } = idle(t);
  const partition = { offset: '0x2e000', size: '8K' };
  const configs = [
    { hooks: { preBuild: [process.execPath, '-e', '0'] } },
    { partitions: { client_ca: { files: { exec: ['cat', ca] }, ...partition } } },
    { partitions: { client_ca: { files: { env: 'CA' }, ...partition } } },
    { expiresWithin: 36_500, checks: { 'expires-soon': 'error' } },
    { normalize: { password: { env: 'PASSWORD' } } },
  ];
  for (const config of configs) {
    writeFileSync(at('pki.config.json'), JSON.stringify(config));
    await build();
    await build();
    assert.ok(!existsSync(stamps), JSON.stringify(config));
  }
});

test('nothing is stamped that changed a moment ago; a stamp that is broken or cannot be left is no obstacle', async (t) => {
  const folder = exampleCheckout(t);
  const stamps = join(scratch(t), 'stamps');
  const build = () => atPkiIn({ cwd: folder, stamps, now: () => new Date() }, 'build');
  await build();
  await build();
  assert.ok(!existsSync(stamps));
  const old = idle(t);
  await old.settle();
  const [name = ''] = readdirSync(old.stamps);
  const whole = JSON.parse(readFileSync(join(old.stamps, name), 'utf8')) as { states?: object };
  const withoutStates = JSON.stringify({ ...whole, states: undefined });
  for (const text of ['', '{', '[]', 'null', '{"version":"0.1.0"}', withoutStates]) {
    writeFileSync(join(old.stamps, name), text);
    assert.equal((await old.build()).code, 0, text);
  }
  rmSync(old.stamps, { recursive: true });
  writeFileSync(old.stamps, 'a file in the place of the folder');
  assert.equal((await old.build()).code, 0);
});

test('stamps of folders that are gone make room for others', async (t) => {
  const { settle, stamps } = idle(t);
  mkdirSync(stamps);
  for (let number = 0; number < 120; number++) {
    const file = join(stamps, `gone-${number}.json`);
    writeFileSync(file, '{}');
    utimesSync(file, number, number);
  }
  await settle().catch(() => {});
  assert.equal(readdirSync(stamps).length, 100);
});
