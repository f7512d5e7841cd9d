import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FoundFiles, findFiles } from '../../src/sources/find.ts';
import type { SourceSpec } from '../../src/sources/partition.ts';
import { outputOf } from '../support/child.ts';
import { scratch } from '../support/scratch.ts';
import { unprivilegedAsync } from '../support/unprivileged.ts';

/** A folder with files of these names; a name that ends in / is a folder. */
function tree(t: TestContext, ...names: string[]): string {
  const root = scratch(t);
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    if (name.endsWith('/')) mkdirSync(join(root, name), { recursive: true });
    else writeFileSync(join(root, name), name);
  }
  return root;
}

const spec = (base: string, path: string, more: Partial<SourceSpec> = {}): SourceSpec => ({
  kind: 'ca',
  base,
  path,
  order: 'name',
  ...more,
});

const find = (base: string, path: string, more: Partial<SourceSpec> = {}) => findFiles(spec(base, path, more));

/** The files, from the base on; no diagnostics are expected. */
async function names(base: string, path: string, more: Partial<SourceSpec> = {}): Promise<string[]> {
  const { files, diagnostics } = await find(base, path, more);
  assert.deepEqual(diagnostics, []);
  return files.map((file) => file.slice(base.length + 1));
}

/** `code: message → hint` of each diagnostic, with ROOT for the base. */
const said = ({ diagnostics }: FoundFiles, root: string): string[] =>
  diagnostics.map(({ code, message, hint }) =>
    `${code}: ${message}${hint ? ` → ${hint}` : ''}`.replaceAll(root, 'ROOT'),
  );

test('a folder gives the files of its kind in byte order', async (t) => {
  const root = tree(t, 'f/b.crt', 'f/a.pem', 'f/C.der', 'f/10.cer', 'f/2.crt', 'f/\u{1F600}.crt', 'f/\uFF01.crt');
  assert.deepEqual(
    (await names(root, 'f')).map((name) => basename(name)),
    ['10.cer', '2.crt', 'C.der', 'a.pem', 'b.crt', '\uFF01.crt', '\u{1F600}.crt'],
  );
});

test('natural order counts as people do', async (t) => {
  const root = tree(t, 'f/ca_10.crt', 'f/ca_2.crt', 'f/ca_1.crt');
  assert.deepEqual(await names(root, 'f', { order: 'natural' }), ['f/ca_1.crt', 'f/ca_2.crt', 'f/ca_10.crt']);
  assert.deepEqual(await names(root, 'f/*', { order: 'natural' }), ['f/ca_1.crt', 'f/ca_2.crt', 'f/ca_10.crt']);
});

test('upper-case suffixes are taken', async (t) => {
  const root = tree(t, 'f/A.CRT', 'f/b.Pem');
  assert.deepEqual(await names(root, 'f'), ['f/A.CRT', 'f/b.Pem']);
  assert.deepEqual(await names(root, 'f/*'), ['f/A.CRT', 'f/b.Pem']);
});

test('a key folder takes .key and no .crt, a data folder everything', async (t) => {
  const root = tree(t, 'f/a.key', 'f/b.pem', 'f/c.bin');
  const { files } = await find(root, 'f', { kind: 'key' });
  assert.deepEqual(
    files.map((file) => basename(file)),
    ['a.key', 'b.pem'],
  );
  assert.deepEqual(await names(root, 'f', { kind: 'data' }), ['f/a.key', 'f/b.pem', 'f/c.bin']);
});

test('a file named literally is taken whatever its suffix', async (t) => {
  const root = tree(t, 'root-ca.txt', '.hidden', 'old.crt~');
  for (const name of ['root-ca.txt', '.hidden', 'old.crt~']) assert.deepEqual(await names(root, name), [name]);
});

test('what a folder leaves out is said in one note', async (t) => {
  const root = tree(
    t,
    ...['f/a.crt', 'f/.gitkeep', 'f/README', 'f/Readme.md', 'f/a.crt~', 'f/#a.crt#', 'f/a.crt.bak', 'f/old/x.crt'],
    ...['f/1.txt', 'f/2.txt', 'f/3.txt', 'f/4.txt', 'f/5.txt', 'f/6.txt', 'f/7.txt'],
  );
  const found = await find(root, 'f');
  assert.deepEqual(
    found.files.map((file) => basename(file)),
    ['a.crt'],
  );
  assert.deepEqual(said(found, root), [
    "unused-file: left out of f: #a.crt#, a.crt.bak and a.crt~ (an editor's backup); .gitkeep (hidden); " +
      '1.txt, 2.txt, 3.txt, 4.txt and 3 more (not .pem, .der, .cer, .crt); README and Readme.md (a README); ' +
      'old (a folder)',
  ]);
});

test('a folder without a file that fits', async (t) => {
  const root = tree(t, 'empty/', 'f/a.key', 'g/x.crt/');
  assert.deepEqual(said(await find(root, 'empty'), root), [
    'source-missing: empty gives no .pem, .der, .cer, .crt file → looked in ROOT/empty',
  ]);
  assert.deepEqual(said(await find(root, 'f'), root), [
    'unused-file: left out of f: a.key (not .pem, .der, .cer, .crt)',
    'source-missing: f gives no .pem, .der, .cer, .crt file → looked in ROOT/f',
  ]);
  assert.deepEqual(said(await find(root, 'g'), root), [
    'unused-file: left out of g: x.crt (a folder)',
    'source-missing: g gives no .pem, .der, .cer, .crt file → looked in ROOT/g',
  ]);
});

const missing: [what: string, path: string, there: string[], message: string][] = [
  ['a near name', 'f/clent_ca.crt', ['f/client_ca.crt'], 'f/clent_ca.crt does not exist → did you mean client_ca.crt?'],
  ['nothing near', 'f/x.crt', ['f/client_ca.crt'], 'f/x.crt does not exist → looked in ROOT/f'],
  ['no folder', 'g/x.crt', [], 'g/x.crt does not exist → the folder ROOT/g does not exist either'],
  ['a file on the way', 'a.crt/x.crt', ['a.crt'], 'a.crt/x.crt does not exist → ROOT/a.crt is not a folder'],
  ['parentheses that make no pattern', 'server(1).crt', [], 'server(1).crt does not exist → looked in ROOT'],
  ['an exclamation mark', '!a.crt', [], '!a.crt does not exist → looked in ROOT'],
];
for (const [what, path, there, message] of missing) {
  test(`a file that does not exist: ${what}`, async (t) => {
    const root = tree(t, ...there);
    assert.deepEqual(said(await find(root, path), root), [`source-missing: ${message}`]);
  });
}

test('a name that no file system takes is an error, not a crash', async (t) => {
  const root = scratch(t);
  const long = 'x'.repeat(300);
  assert.deepEqual(said(await find(root, long), root), [
    `source-unreadable: ${long} cannot be reached: a part of its path is too long for this file system`,
  ]);
  const [nul] = said(await find(root, 'a\0b'), root);
  assert.equal(nul, 'source-unreadable: a\\x00b cannot be reached: its path holds a NUL character');
});

test('links: to a file and to a folder they are followed, dangling and circular ones are errors', async (t) => {
  const root = tree(t, 'real/a.crt', 'f/');
  symlinkSync('../real/a.crt', join(root, 'f/link.crt'));
  symlinkSync('real', join(root, 'folder'));
  assert.deepEqual(await names(root, 'f'), ['f/link.crt']);
  assert.deepEqual(await names(root, 'folder'), ['folder/a.crt']);
  assert.deepEqual(await names(root, 'folder/*'), ['folder/a.crt']);
  assert.deepEqual(await names(root, '{folder,f}/*'), ['f/link.crt', 'folder/a.crt']);
  symlinkSync('nowhere.crt', join(root, 'f/dangling.crt'));
  symlinkSync('circle.crt', join(root, 'f/circle.crt'));
  const dangling =
    'source-missing: f/dangling.crt is a link to nowhere.crt, which does not exist → mend the link or name the file itself';
  const circle =
    'source-unreadable: f/circle.crt is a link that leads back to itself → replace the link by the file it should lead to';
  assert.deepEqual(said(await find(root, 'f/dangling.crt'), root), [dangling]);
  assert.deepEqual(said(await find(root, 'f/circle.crt'), root), [circle]);
  for (const path of ['f', 'f/*.crt', '*/*.crt', '**/*.crt']) {
    assert.deepEqual(said(await find(root, path), root), [circle, dangling], path);
  }
});

test('a pipe is refused without waiting for its other end', { skip: process.platform === 'win32' }, async (t) => {
  const root = tree(t, 'f/');
  outputOf('mkfifo', [join(root, 'f/pipe.crt')]);
  const refused =
    'source-unreadable: f/pipe.crt is not a regular file but a pipe, socket or device → write its content to a file first';
  for (const path of ['f', 'f/pipe.crt', 'f/*']) assert.deepEqual(said(await find(root, path), root), [refused], path);
});

test('what permissions hide is an error', { skip: process.platform === 'win32' }, async (t) => {
  const root = tree(t, 'open/locked/a.crt', 'open/b/b.crt');
  const locked = join(root, 'open/locked');
  chmodSync(root, 0o755);
  chmodSync(locked, 0o000);
  const seen = (path: string) => unprivilegedAsync(() => find(root, path));
  const [folder, file, pattern] = [
    await seen('open/locked'),
    await seen('open/locked/a.crt'),
    await seen('open/*/*.crt'),
  ];
  chmodSync(locked, 0o755);
  const unlisted =
    'source-unreadable: the folder open/locked cannot be listed: permission denied → let this user list it (chmod u+rx)';
  assert.deepEqual(said(folder, root), [unlisted]);
  assert.deepEqual(said(file, root), [
    'source-unreadable: open/locked/a.crt cannot be reached: permission denied → let this user enter the folders on the way to it (chmod o+x)',
  ]);
  // What could be found is there, and the error keeps it from being taken for all.
  assert.deepEqual(pattern.files, [join(root, 'open/b/b.crt')]);
  assert.deepEqual(said(pattern, root), [unlisted]);
});

const patterns: [pattern: string, matches: string[]][] = [
  ['*.crt', ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt']],
  ['./*.crt', ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt']],
  ['a?.crt', ['a1.crt']],
  ['[ab]*.crt', ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt']],
  ['{a,a1}.crt', ['a.crt', 'a1.crt']],
  ['@(a|a1).crt', ['a.crt', 'a1.crt']],
  // A file of exactly that name wins over what the name would mean as a pattern.
  ['a[1].crt', ['a[1].crt']],
  ['a{b,c}.crt', ['a{b,c}.crt']],
  ['a\\[1\\].crt', ['a[1].crt']],
  // So does a folder on the way.
  ['b[1]/*.crt', ['b[1]/x.crt']],
  ['p(q)/*.crt', ['p(q)/y.crt']],
  ['{sub,b\\[1\\]}/*.crt', ['b[1]/x.crt', 'sub/deep.crt']],
  ['{sub/deep,a}.crt', ['a.crt', 'sub/deep.crt']],
  ['sub/../a*.crt', ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt']],
  ['**/*.crt', ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt', 'b[1]/x.crt', 'p(q)/y.crt', 'sub/deep.crt']],
  ['sub/**', ['sub/deep.crt']],
];
for (const [pattern, matches] of patterns) {
  test(`the pattern ${pattern}`, { skip: process.platform === 'win32' }, async (t) => {
    const base = join(tree(t, 'base[0]/'), 'base[0]');
    for (const name of ['a.crt', 'a1.crt', 'a[1].crt', 'a{b,c}.crt', 'b[1]/x.crt', 'p(q)/y.crt', 'sub/deep.crt']) {
      mkdirSync(dirname(join(base, name)), { recursive: true });
      writeFileSync(join(base, name), name);
    }
    assert.deepEqual(await names(base, pattern), matches);
    assert.deepEqual(await names(base, `${base}/${pattern}`), matches, 'absolute');
    const climbing = await find(join(base, 'sub'), `../${pattern}`);
    assert.deepEqual(
      climbing.files,
      matches.map((name) => join(base, name)),
      'from beside',
    );
  });
}

test('a pattern that climbs and comes down again', async (t) => {
  const root = tree(t, 'a/1.crt', 'b/2.crt', 'here/');
  const { files } = await find(join(root, 'here'), '../[ab]/*.crt');
  assert.deepEqual(files, [join(root, 'a/1.crt'), join(root, 'b/2.crt')]);
});

test('** does not go in circles through links to folders, nor take a file twice', async (t) => {
  const root = tree(t, 'a/x.crt', 'b/y.crt');
  symlinkSync('..', join(root, 'a/up'));
  symlinkSync('../a', join(root, 'b/other'));
  assert.deepEqual(await names(root, '**/*.crt'), ['a/x.crt', 'b/y.crt']);
});

test('a pattern that matches no file', async (t) => {
  const root = tree(t, 'f/a.key', 'certs/one/', 'certs/two/');
  const cases = [
    ['f/*.crt', 'f/*.crt matches no file → looked in ROOT/f'],
    ['nope/*.crt', 'nope/*.crt matches no file → there is no folder ROOT/nope'],
    [
      'certs/*',
      'certs/* matches no file, only certs/one and certs/two → to take the files in such a folder: certs/*/*',
    ],
    [
      'f\\*.key',
      'f\\*.key matches no file → part folders by /, on Windows too: a backslash takes the next character literally',
    ],
  ] as const;
  for (const [pattern, message] of cases) {
    if (process.platform === 'win32' && pattern.includes('\\')) continue;
    assert.deepEqual(said(await find(root, pattern), root), [`source-missing: ${message}`]);
  }
  assert.deepEqual(said(await find(root, 'f/*'), root), [
    'unused-file: left out of f/*: a.key (not .pem, .der, .cer, .crt)',
    'source-missing: f/* gives no .pem, .der, .cer, .crt file → looked in ROOT/f',
  ]);
});

test('names that a shell, a terminal or a short buffer would stumble over', async (t) => {
  const odd = ['$(touch pwned);.crt', 'space in name.crt', '证书.crt', "quote'.crt", '-b.crt'];
  const root = tree(t, ...odd.map((name) => `f/${name}`));
  assert.deepEqual(
    (await names(root, 'f')).map((name) => basename(name)),
    [...odd].sort(),
  );
  const deep = Array.from({ length: 6 }, (_, level) => `${level}${'x'.repeat(60)}`).join('/');
  mkdirSync(join(root, deep), { recursive: true });
  writeFileSync(join(root, deep, 'a.crt'), 'a');
  assert.ok(deep.length > 260);
  for (const path of [deep, `${deep}/a.crt`, `${deep}/*`]) assert.deepEqual(await names(root, path), [`${deep}/a.crt`]);
});

test('control characters of a name do not reach the terminal', { skip: process.platform === 'win32' }, async (t) => {
  const root = tree(t, 'f/a.crt', 'f/\u001b[2Jx.txt', 'f/gpj\u202e.txt');
  assert.deepEqual(said(await find(root, 'f'), root), [
    'unused-file: left out of f: \\x1b[2Jx.txt and gpj\\u202e.txt (not .pem, .der, .cer, .crt)',
  ]);
});

test('problems point at the line of the config that names the source', async (t) => {
  const place = { file: '/project/pki.config.json', line: 4, column: 9 };
  for (const path of ['x.crt', '*.crt', '.']) {
    const { diagnostics } = await find(scratch(t), path, { place });
    assert.deepEqual(diagnostics[0]?.place, place, path);
  }
});
