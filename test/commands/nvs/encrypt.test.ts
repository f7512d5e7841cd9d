import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeKeys } from '../../../src/formats/nvs/keys.ts';
import { nvsFolder } from '../../support/nvs-folder.ts';
import { type GoldenCase, sha256 } from '../../support/nvs-golden.ts';
import { fixtures } from '../../support/paths.ts';
import { atPki, atPkiIn } from '../../support/run-rig.ts';
import { scratch } from '../../support/scratch.ts';

const golden = join(fixtures, 'nvs');
const cases: GoldenCase[] = JSON.parse(readFileSync(join(golden, 'cases.json'), 'utf8'));
const mode = (file: string) => statSync(file).mode & 0o777;

test('encrypts as the reference, and decrypts what it encrypts', async (t) => {
  const folder = scratch(t);
  const [encrypted, plain, decrypted] = ['e.bin', 'p.bin', 'd.bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const one = cases.find(({ name }) => name === 'enc_mixed') ?? assert.fail();
  for (const profile of ['new', 'legacy'] as const) {
    const words = [one.csv, encrypted, String(one.size), '--inputkey', one.key ?? '', '--profile', profile];
    const { code, stderr } = await atPki(golden, 'nvs', 'encrypt', ...words);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(sha256(readFileSync(encrypted)), one[profile]);
    await atPki(golden, 'nvs', 'generate', one.csv, plain, String(one.size), '--profile', profile);
    assert.equal((await atPki(golden, 'nvs', 'decrypt', encrypted, one.key ?? '', decrypted)).code, 0);
    assert.deepEqual(readFileSync(decrypted), readFileSync(plain));
    assert.equal(mode(decrypted), 0o600);
  }
});

test('--keygen makes new keys each time, in DIR/keys, for their owner alone', async (t) => {
  const folder = await nvsFolder(t);
  const now = () => new Date(2026, 0, 2, 3, 4);
  const encrypt = () => atPkiIn({ cwd: folder, now }, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen');
  const { code, stdout } = await encrypt();
  assert.equal(code, 0);
  assert.match(stdout, /^keys\/keys-01-02_03-04\.bin: keys written\ne\.bin: encrypted, /);
  await encrypt();
  const names = readdirSync(join(folder, 'keys')).sort();
  assert.deepEqual(names, ['keys-01-02_03-04-2.bin', 'keys-01-02_03-04.bin']);
  const [second, first] = names.map((name) => readFileSync(join(folder, 'keys', name)));
  assert.ok(first && second && !first.equals(second));
  assert.ok(decodeKeys(first).ok && decodeKeys(second).ok);
  assert.equal(mode(join(folder, 'keys', names[0] ?? '')), 0o600);
  const dump = await atPki(folder, 'nvs', 'dump', 'e.bin', '--key', 'keys/keys-01-02_03-04-2.bin', '--json');
  assert.equal((JSON.parse(dump.stdout) as { entries: unknown[] }).entries.length, 10);
});

test('--keyfile and --outdir name the key file as in the reference', async (t) => {
  const folder = await nvsFolder(t);
  await atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--keyfile', 'k', '--outdir', 'o');
  assert.ok(existsSync(join(folder, 'o/keys/k.bin')) && existsSync(join(folder, 'o/e.bin')));
});

test('where nobody can look for a free name of keys, what cannot be written is told', async (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('loop', join(folder, 'loop'));
  for (const outdir of ['x'.repeat(300), `${'y/'.repeat(2100)}z`, 'loop', 'file']) {
    const { code, stderr } = await atPki(folder, 'nvs', 'generate-key', '--outdir', outdir);
    assert.equal(code, 1, outdir.slice(0, 20));
    assert.match(stderr, /^error\[write-failed\]: cannot write /);
  }
  // A link that leads nowhere has its name.
  const now = () => new Date(2026, 0, 2, 3, 4);
  mkdirSync(join(folder, 'keys'));
  symlinkSync('nowhere', join(folder, 'keys/keys-01-02_03-04.bin'));
  const { stdout } = await atPkiIn({ cwd: folder, now }, 'nvs', 'generate-key');
  assert.equal(stdout, 'keys/keys-01-02_03-04-2.bin: keys written\n');
});

test('keys derived from an HMAC key, given or new', async (t) => {
  const folder = scratch(t);
  const wanted = cases.find(({ name }) => name === 'hmac_key') ?? assert.fail();
  const hmac = join(golden, 'keys/hmac.bin');
  const given = ['--key_protect_hmac', '--kp_hmac_inputkey', hmac, '--keyfile', 'k.bin'];
  assert.equal((await atPki(folder, 'nvs', 'generate-key', ...given)).code, 0);
  assert.equal(sha256(readFileSync(join(folder, 'keys/k.bin'))), wanted.new);

  const made = await atPki(
    folder,
    'nvs',
    'generate-key',
    '--key_protect_hmac',
    '--kp_hmac_keygen',
    '--keyfile',
    'n.bin',
    '--json',
  );
  const { keyFiles } = JSON.parse(made.stdout) as { keyFiles: string[] };
  assert.deepEqual(keyFiles, ['keys/n.bin', 'keys/hmac-n.bin']);
  assert.deepEqual(
    [statSync(join(folder, 'keys/hmac-n.bin')).size, mode(join(folder, 'keys/hmac-n.bin'))],
    [32, 0o600],
  );
  const again = ['--key_protect_hmac', '--kp_hmac_inputkey', 'keys/hmac-n.bin', '--keyfile', 'again.bin'];
  await atPki(folder, 'nvs', 'generate-key', ...again);
  assert.deepEqual(readFileSync(join(folder, 'keys/again.bin')), readFileSync(join(folder, 'keys/n.bin')));
});

const wrong: [argv: string[], message: string][] = [
  [['encrypt', 'in.csv', 'e.bin', '24K'], 'nothing says which keys to encrypt with'],
  [
    ['encrypt', 'in.csv', 'e.bin', '24K', '--keygen', '--inputkey', 'k'],
    '--inputkey and --keygen contradict each other',
  ],
  [['generate-key', '--kp_hmac_keygen'], 'an HMAC key is named, but not asked for'],
  [
    ['generate-key', '--key_protect_hmac'],
    '--key_protect_hmac needs one of --kp_hmac_keygen and --kp_hmac_inputkey FILE',
  ],
  [
    ['generate-key', '--key_protect_hmac', '--kp_hmac_keygen', '--keyfile', 'a', '--kp_hmac_keyfile', 'a'],
    '--keyfile and --kp_hmac_keyfile name the same file',
  ],
];
for (const [argv, message] of wrong) {
  test(`wrong use: ${argv.join(' ')}`, async (t) => {
    const folder = await nvsFolder(t);
    const before = readdirSync(folder);
    const { code, stderr } = await atPki(folder, 'nvs', ...argv);
    assert.deepEqual([code, stderr.split('\n')[0]], [2, `error[usage]: ${message}`]);
    assert.deepEqual(readdirSync(folder), before);
  });
}

test('key files that are none, and keys of another image', async (t) => {
  const folder = await nvsFolder(t);
  const keys = join(golden, 'keys');
  const encrypt = (name: string) =>
    atPki(folder, 'nvs', 'encrypt', 'in.csv', 'e.bin', '24K', '--inputkey', join(keys, name));
  const messages = ['key_short.bin', 'key_ff.bin', 'key_zero.bin', 'key_badcrc.bin', 'nope.bin'].map(async (name) => {
    const { code, stderr } = await encrypt(name);
    return [code, stderr.split('\n')[0]?.replace(`${keys}/`, '')];
  });
  assert.deepEqual(await Promise.all(messages), [
    [1, 'error[nvs-key-file]: key_short.bin: has 32 bytes; NVS keys take 64'],
    [1, 'error[nvs-key-file]: key_ff.bin: is erased: there are no keys in it'],
    [1, 'error[nvs-key-file]: the two halves of the NVS keys are the same, which XTS does not allow'],
    [1, 'error[nvs-key-file]: key_badcrc.bin: the checksum of its keys is wrong: the device would refuse them'],
    [1, 'error[source-missing]: nope.bin does not exist'],
  ]);
  assert.ok(!existsSync(join(folder, 'e.bin')));

  await encrypt('key_ok.bin');
  await atPki(folder, 'nvs', 'generate-key', '--keyfile', 'other.bin');
  const { code, stderr } = await atPki(folder, 'nvs', 'decrypt', 'e.bin', 'keys/other.bin', 'd.bin');
  assert.equal(code, 1);
  assert.equal(
    stderr.split('\n')[0],
    'error[nvs-encrypted]: the keys of keys/other.bin do not open e.bin: no entry has a right checksum',
  );
  assert.ok(!existsSync(join(folder, 'd.bin')));
});

test('an image that cannot be written leaves no keys behind, and old keys as they were', async (t) => {
  const folder = await nvsFolder(t);
  mkdirSync(join(folder, 'taken'));
  const encrypt = () => atPki(folder, 'nvs', 'encrypt', 'in.csv', 'taken', '24K', '--keygen', '--keyfile', 'k.bin');
  assert.equal((await encrypt()).code, 1);
  assert.ok(!existsSync(join(folder, 'keys')));
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys/k.bin'), 'old');
  assert.equal((await encrypt()).code, 1);
  assert.equal(readFileSync(join(folder, 'keys/k.bin'), 'utf8'), 'old');
});
