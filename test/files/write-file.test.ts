import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { compareFile, replaceFile, restrictMode, type WriteOptions, writeAll } from '../../src/files/write-file.ts';
import { scratch } from '../support/scratch.ts';

const posix = { skip: process.platform === 'win32' && 'modes and links are POSIX here' };
const image = new Uint8Array([0xf1, 0xf1, 0, 0, 0, 0, 0, 0]);
const open = { secret: false };
const secret = { secret: true };
const modeOf = (file: string): number => statSync(file).mode & 0o7777;

const replaced = (file: string, bytes: Uint8Array, options: WriteOptions = open): void => {
  assert.deepEqual(replaceFile(file, bytes, options), { ok: true, value: undefined });
  assert.deepEqual(new Uint8Array(readFileSync(file)), bytes);
};

const refused = (file: string, options: WriteOptions = open) => {
  const result = replaceFile(file, image, options);
  assert.ok(!result.ok);
  assert.equal(result.error.file, file);
  return result.error;
};

test('an image that is not there is absent, and written into folders that are made for it', (t) => {
  const file = join(scratch(t), 'build', 'customized_partitions', 'client_ca.bin');
  assert.equal(compareFile(file, image, open), 'absent');
  replaced(file, image);
  assert.equal(compareFile(file, image, open), 'equal');
});

test('an image of other bytes or of another length is different; an empty one can be written too', (t) => {
  const file = join(scratch(t), 'client_ca.bin');
  replaced(file, image);
  assert.equal(compareFile(file, image.with(7, 1), open), 'different');
  assert.equal(compareFile(file, image.subarray(1), open), 'different');
  replaced(file, new Uint8Array(0));
  assert.equal(compareFile(file, new Uint8Array(0), open), 'equal');
});

test('comparing and correcting the mode leave the modification time as it is', posix, (t) => {
  const file = join(scratch(t), 'client_key.bin');
  writeFileSync(file, image, { mode: 0o644 });
  utimesSync(file, 1_000_000_000, 1_000_000_000);
  const { ino } = statSync(file);
  assert.equal(compareFile(file, image, open), 'equal');
  assert.equal(compareFile(file, image, secret), 'wrong-mode');
  assert.ok(restrictMode(file).ok);
  assert.equal(compareFile(file, image, secret), 'equal');
  assert.equal(modeOf(file), 0o600);
  assert.equal(statSync(file).mtimeMs, 1_000_000_000_000);
  assert.equal(statSync(file).ino, ino);
});

test('an image with a key is 0600, whatever the umask and the old mode', posix, (t) => {
  const folder = scratch(t);
  for (const [umask, old] of [
    [0o000, undefined],
    [0o777, undefined],
    [0o022, 0o666],
    [0o022, 0o400],
  ] as const) {
    const file = join(folder, `key-${umask}-${old}.bin`);
    if (old !== undefined) writeFileSync(file, 'old');
    if (old !== undefined) chmodSync(file, old);
    const before = process.umask(umask);
    try {
      replaced(file, image, secret);
    } finally {
      process.umask(before);
    }
    assert.equal(modeOf(file), 0o600);
  }
});

test('an image without a key has the mode the old one had, else what the umask leaves', posix, (t) => {
  const folder = scratch(t);
  const before = process.umask(0o027);
  try {
    replaced(join(folder, 'new.bin'), image);
    assert.equal(modeOf(join(folder, 'new.bin')), 0o640);
    for (const mode of [0o664, 0o600, 0o444]) {
      const file = join(folder, `${mode}.bin`);
      writeFileSync(file, 'old');
      chmodSync(file, mode);
      replaced(file, image);
      assert.equal(modeOf(file), mode);
    }
  } finally {
    process.umask(before);
  }
});

test('a replaced image is a new file: a hard link to the old one keeps the old bytes', posix, (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'a.bin'), 'old');
  linkSync(join(folder, 'a.bin'), join(folder, 'backup.bin'));
  replaced(join(folder, 'a.bin'), image);
  assert.equal(readFileSync(join(folder, 'backup.bin'), 'utf8'), 'old');
});

/** Where a link in an unpacked archive leads to, an image or a key would replace whatever lies there. */
test('nothing is written through a link in the place of the file, wherever it leads', posix, (t) => {
  const folder = scratch(t);
  mkdirSync(join(folder, 'links'));
  writeFileSync(join(folder, 'old.bin'), 'old');
  for (const target of ['../old.bin', '../made.bin', '../new/made.bin', 'itself', '/dev/null']) {
    const link = join(folder, 'links', 'itself');
    symlinkSync(target, link);
    for (const options of [open, secret]) {
      const { errno, message, hint } = refused(link, options);
      assert.deepEqual([errno, message], ['ELOOP', `cannot write ${link}: it is a link to ${target}`]);
      assert.equal(hint, 'remove the link, or name the file that it leads to');
    }
    assert.equal(readlinkSync(link), target);
    unlinkSync(link);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['links', 'old.bin']);
  assert.equal(readFileSync(join(folder, 'old.bin'), 'utf8'), 'old');
});

test('a link to what is up to date is up to date, but the mode of a key behind it stays', posix, (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'real.bin'), image, { mode: 0o644 });
  symlinkSync('real.bin', join(folder, 'a.bin'));
  assert.equal(compareFile(join(folder, 'a.bin'), image, open), 'equal');
  assert.equal(compareFile(join(folder, 'a.bin'), image, secret), 'different');
});

/** As above, one step earlier: the whole folder would be written elsewhere. */
test('from the output folder on no folder may be a link; how it is reached itself is free', posix, (t) => {
  const folder = scratch(t);
  for (const name of ['out/ca', 'elsewhere']) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync('out', join(folder, 'named'));
  const within = join(folder, 'named');
  for (const name of ['a.bin', 'ca/a.bin', 'new/deep/a.bin']) replaced(join(within, name), image, { ...open, within });
  for (const [name, link] of [
    ['key', 'key/a.bin'],
    ['ca/deep', 'ca/deep/deeper/a.bin'],
  ] as const) {
    symlinkSync(join(folder, 'elsewhere'), join(within, name));
    const file = join(within, link);
    const result = replaceFile(file, image, { ...open, within });
    const where = `${join(within, name)} is a link to ${join(folder, 'elsewhere')}`;
    assert.equal(result.ok ? '' : result.error.message, `cannot write ${file}: ${where}`);
  }
  assert.deepEqual(readdirSync(join(folder, 'elsewhere')), []);
});

test('a path on which links lead in a circle is said to be that', posix, (t) => {
  const folder = scratch(t);
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  assert.equal(compareFile(join(folder, 'a'), image, open), 'different');
  const { errno, message } = refused(join(folder, 'a', 'image.bin'));
  assert.equal(errno, 'ELOOP');
  assert.match(message, /symbolic links lead in a circle/);
});

/** Node throws at a NUL before the system sees it: the command would end with a stack. */
test('a path with a NUL is refused in words', () => {
  assert.equal(compareFile('/tmp/a\0b', image, open), 'different');
  assert.equal(refused('/tmp/a\0b').message, 'cannot write /tmp/a\\x00b: its path holds a NUL character');
});

test('a folder in the place of an image is left alone', (t) => {
  const folder = scratch(t);
  mkdirSync(join(folder, 'client_ca.bin'));
  assert.equal(compareFile(join(folder, 'client_ca.bin'), image, open), 'different');
  const { message, hint } = refused(join(folder, 'client_ca.bin'));
  assert.equal(message, `cannot write ${join(folder, 'client_ca.bin')}: it is a folder`);
  assert.match(hint ?? '', /remove or rename/);
  assert.deepEqual(readdirSync(folder), ['client_ca.bin']);
});

test('a device is neither read nor replaced', posix, () => {
  assert.equal(compareFile('/dev/zero', image, open), 'different');
  assert.match(refused('/dev/zero').message, /a device, a pipe or a socket/);
  assert.ok(lstatSync('/dev/zero').isCharacterDevice());
});

test('a file in the place of a folder is named as what is in the way', (t) => {
  const folder = scratch(t);
  writeFileSync(join(folder, 'build'), 'a file');
  assert.match(refused(join(folder, 'build', 'a.bin')).message, /is a file or/);
  assert.match(
    refused(join(folder, 'build', 'images', 'a.bin')).message,
    /is a file or a link that leads nowhere, not a folder/,
  );
  assert.equal(readFileSync(join(folder, 'build'), 'utf8'), 'a file');
});

test('a folder that is a link to nowhere is named as what is in the way', posix, (t) => {
  const folder = scratch(t);
  symlinkSync('nowhere', join(folder, 'build'));
  assert.match(refused(join(folder, 'build', 'images', 'a.bin')).message, /a link that leads nowhere/);
  assert.deepEqual(readdirSync(folder), ['build']);
});

test('any name that a file can have works, up to the longest', (t) => {
  const folder = scratch(t);
  const names = ['$(touch pwned);.bin', 'with spaces.bin', '客户端证书.bin', `${'a'.repeat(251)}.bin`];
  if (process.platform !== 'win32') names.push('证'.repeat(85), '"quoted"\n.bin');
  for (const name of names) replaced(join(folder, name), image);
  assert.deepEqual(readdirSync(folder).sort(), names.sort());
});

test('a path of more than 260 characters works', (t) => {
  const file = join(scratch(t), ...Array.from({ length: 4 }, (_, index) => String(index).repeat(80)), 'a.bin');
  assert.ok(file.length > 260);
  replaced(file, image);
});

test('a name that is too long is said to be that, and leaves nothing', posix, (t) => {
  const folder = scratch(t);
  const file = join(folder, 'a'.repeat(256));
  assert.match(refused(file).message, /too long/);
  assert.deepEqual(readdirSync(folder), []);
});

test('nothing but the image is left in the folder', (t) => {
  const file = join(scratch(t), 'a.bin');
  for (const bytes of [image, image.subarray(1), image]) replaced(file, bytes);
  assert.deepEqual(readdirSync(join(file, '..')), [basename(file)]);
});

test('a write that takes only a part of the bytes is continued until all are there', () => {
  const taken: number[] = [];
  const three = (_: number, bytes: Uint8Array, at: number, length: number): number => {
    const part = bytes.subarray(at, at + Math.min(3, length));
    taken.push(...part);
    return part.length;
  };
  writeAll(-1, image, three);
  assert.deepEqual(taken, [...image]);
});

test('a write that takes nothing is an error, not an endless loop', () => {
  assert.throws(() => writeAll(-1, image, () => 0), /EIO/);
});
