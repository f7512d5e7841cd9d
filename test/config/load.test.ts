import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findConfigFile } from '../../src/config/find.ts';
import { loadConfig } from '../../src/config/load.ts';
import { atPki } from '../support/run-rig.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

/** A folder with these files in it. */
function folderWith(t: Cleanup, files: Readonly<Record<string, string>>): string {
  const folder = scratch(t);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const minimal = '{ "partitions": { "client_ca": { "size": "8K" } } }';
const same: Readonly<Record<string, string>> = {
  'pki.config.json': minimal,
  'pki.config.jsonc': '// a comment\n{ "partitions": { "client_ca": { "size": "8K", } } }',
  'pki.config.yaml': 'partitions:\n  client_ca:\n    size: 8K\n',
  'pki.config.yml': '\uFEFFpartitions: { client_ca: { size: 8K } }',
  'pki.config.js': `module.exports = ${minimal}`,
  'pki.config.mjs': `export default async () => (${minimal})`,
  'pki.config.cjs': `module.exports = () => (${minimal})`,
  '.at-pkirc': minimal,
  'package.json': `{ "name": "x", "at-pki": ${minimal} }`,
};

for (const [name, text] of Object.entries(same)) {
  test(`${name} is found and read`, async (t) => {
    const folder = folderWith(t, { [name]: text, 'deep/below/x': '' });
    const file = findConfigFile(join(folder, 'deep/below'));
    assert.equal(file, join(folder, name));
    const { config, diagnostics } = await loadConfig(file ?? '');
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(config?.value, { partitions: { client_ca: { size: '8K' } } });
    assert.equal(config.folder, folder);
  });
}

test('TypeScript runs where Node can, with jiti where it is installed, and is refused with the way out elsewhere', async (t) => {
  const text = `const size: string = '8K';\nexport default { partitions: { client_ca: { size } } };`;
  const folder = folderWith(t, { 'pki.config.ts': text });
  const native = 'typescript' in process.features && Boolean(process.features.typescript);
  const first = await loadConfig(join(folder, 'pki.config.ts'));
  if (native) assert.equal(first.config?.value.partitions?.client_ca?.size, '8K');
  else assert.match(first.diagnostics[0]?.hint ?? '', /Node 22\.18 or later, or npm install --save-dev jiti/);

  // A stand-in for jiti, which is not among our own dependencies.
  const jiti = `exports.createJiti = () => ({ import: async () => ({ partitions: { from_ca: { size: 1 } } }) });`;
  const other = folderWith(t, {
    'pki.config.ts': text,
    'node_modules/jiti/package.json': '{ "name": "jiti", "main": "index.js" }',
    'node_modules/jiti/index.js': jiti,
  });
  const second = await loadConfig(join(other, 'pki.config.ts'));
  assert.deepEqual(Object.keys(second.config?.value.partitions ?? {}), native ? ['client_ca'] : ['from_ca']);
});

test('the search ends at the folder with .git', (t) => {
  const folder = folderWith(t, { 'pki.config.json': minimal, 'inner/.git/HEAD': '', 'inner/deep/x': '' });
  assert.equal(findConfigFile(join(folder, 'inner/deep')), undefined);
  assert.equal(findConfigFile(folder), join(folder, 'pki.config.json'));
});

test('a package.json without the property, or a broken one, is passed over', (t) => {
  const above = minimal;
  for (const text of ['{ "dependencies": { "at-pki": "1" } }', '{ "at-pki": ', '[]']) {
    const folder = folderWith(t, { 'pki.config.json': above, 'inner/package.json': text });
    assert.equal(findConfigFile(join(folder, 'inner')), join(folder, 'pki.config.json'));
  }
});

test('of two configs in a folder the first by name order counts, and the other is named', async (t) => {
  const folder = folderWith(t, { 'pki.config.json': minimal, 'pki.config.yaml': 'partitions: {}' });
  assert.equal(findConfigFile(folder), join(folder, 'pki.config.json'));
  const { config, diagnostics } = await loadConfig(join(folder, 'pki.config.json'));
  assert.ok(config);
  assert.deepEqual(
    diagnostics.map(({ code, message }) => [code, message]),
    [['config-ignored', 'this folder has another config, which is not used: pki.config.yaml']],
  );
});

const unreadable: [what: string, name: string, text: string, message: RegExp][] = [
  ['an empty file', 'pki.config.json', ' \n', /the config is empty/],
  ['an empty YAML', 'pki.config.yaml', '# nothing\n', /"?the config"? is an object/],
  ['a list', 'pki.config.json', '[1]', /the config is an object \{ … \}, not a list/],
  [
    'a program that throws',
    'pki.config.mjs',
    'throw new Error("no vault here")',
    /stopped with an error: no vault here/,
  ],
  [
    'a program that exports nothing',
    'pki.config.mjs',
    'export const a = 1',
    /the config is an object \{ … \}, not undefined/,
  ],
  ['an unknown ending', 'config.toml', 'a = 1', /ends in \.json, .* not in \.toml/],
];
for (const [what, name, text, message] of unreadable) {
  test(`${what} is said in words`, async (t) => {
    const folder = folderWith(t, { [name]: text });
    const { config, diagnostics } = await loadConfig(join(folder, name));
    assert.equal(config, undefined);
    assert.match(diagnostics.map((one) => one.message).join('\n'), message);
  });
}

test('a program that throws is shown with the line that did', async (t) => {
  const folder = folderWith(t, { 'pki.config.mjs': '\n\n  throw new Error("x")' });
  const { diagnostics } = await loadConfig(join(folder, 'pki.config.mjs'));
  assert.equal(diagnostics[0]?.place?.line, 3);
});

test('what lies in the working folder has no say: neither a broken package.json nor a .config', async (t) => {
  const folder = folderWith(t, {
    'here/package.json': '{ "name": ',
    'here/.config/config.js': 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "../ran"), "");',
    'there/pki.config.json': minimal,
  });
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(join(folder, 'here'));
  const { config, diagnostics } = await loadConfig(join(folder, 'there/pki.config.json'));
  assert.deepEqual(diagnostics, []);
  assert.ok(config);
  assert.ok(!existsSync(join(folder, 'here/ran')));
});

test('the command in a folder with a broken package.json', async (t) => {
  const folder = folderWith(t, { 'package.json': '{ "name": ', 'pki.config.json': '{ "outdir": "x" }' });
  const { code, stderr } = await atPki(folder, 'build');
  assert.equal(code, 2);
  assert.match(stderr, /^error\[config-property\]: there is no property "outdir"\n/);
});

test('.at-pkirc is JSON with comments where it starts like JSON, else YAML', async (t) => {
  const texts = [
    '{\n// why\n"partitions": { "client_ca": { "size": "8K", }, },\n}',
    '\ufeff\n /* why */ { "partitions": { "client_ca": { "size": "8K" } } }',
    '// why\n{ "partitions": { "client_ca": { "size": "8K" } } }',
    '# why\npartitions: { client_ca: { size: 8K } }',
  ];
  for (const text of texts) {
    const folder = folderWith(t, { '.at-pkirc': text });
    const { config, diagnostics } = await loadConfig(join(folder, '.at-pkirc'));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(config?.value, { partitions: { client_ca: { size: '8K' } } });
  }
});

test('what a config of the tool behind the scenes would mean by $import is a property like any other', async (t) => {
  const folder = folderWith(t, { 'pki.config.json': '{ "$import": "./other.json" }' });
  const { diagnostics } = await loadConfig(join(folder, 'pki.config.json'));
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['there is no property "$import"'],
  );
});

for (const name of ['pki.config.mjs', 'pki.config.cjs', 'pki.config.js', 'pki.config.ts']) {
  test(`${name} is not run where programs are not allowed`, async (t) => {
    const text = 'globalThis.ranAConfig = true;';
    const folder = folderWith(t, { [name]: text });
    const { config, diagnostics } = await loadConfig(join(folder, name), { allowPrograms: false });
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ code, message, hint, place }) => ({ code, message, hint, file: place?.file })),
      [
        {
          code: 'exec-refused',
          message: 'the config is a program, which is not run because of --no-exec',
          hint: 'write it as .json, .jsonc or .yaml, or leave out --no-exec where it is trusted',
          file: join(folder, name),
        },
      ],
    );
    assert.ok(!('ranAConfig' in globalThis));
  });
}

const encodings: [what: string, bytes: Buffer, message: string][] = [
  ['UTF-16 with its mark', Buffer.from(`\ufeff${minimal}`, 'utf16le'), 'the config is UTF-16 text'],
  ['UTF-16 without', Buffer.from(minimal, 'utf16le'), 'the config is UTF-16 text'],
  ['big-endian UTF-16', Buffer.from(`\ufeff${minimal}`, 'utf16le').swap16(), 'the config is UTF-16 text'],
  ['bytes', Buffer.from('{ "a": "\0" }'), 'the config is not a text: it holds NUL characters'],
];
for (const [what, bytes, message] of encodings) {
  for (const name of ['pki.config.json', 'pki.config.yaml', '.at-pkirc']) {
    test(`${what} in ${name}: says to save it as UTF-8`, async (t) => {
      const folder = scratch(t);
      writeFileSync(join(folder, name), bytes);
      const { diagnostics } = await loadConfig(join(folder, name));
      assert.deepEqual(
        diagnostics.map((one) => [one.code, one.message, one.hint]),
        [['config-unreadable', message, 'save it as UTF-8']],
      );
    });
  }
}

test('what cannot be read at all is said, not thrown', async (t) => {
  const folder = folderWith(t, { 'folder.json/x': '', file: 'x', 'package.json': '{ "name": "x" }' });
  symlinkSync('loop.json', join(folder, 'loop.json'));
  const said = async (name: string) =>
    (await loadConfig(join(folder, name))).diagnostics.map(({ code, message }) => `${code}: ${message}`);
  assert.deepEqual(await said('folder.json'), ['config-unreadable: the config is a folder']);
  assert.deepEqual(await said('file/x.json'), ['config-unreadable: there is no such config']);
  assert.deepEqual(await said('loop.json'), [
    'config-unreadable: the config is a symbolic link that leads back to itself',
  ]);
  assert.deepEqual(await said(`${'x'.repeat(300)}.json`), [
    'config-unreadable: the config cannot be read (ENAMETOOLONG)',
  ]);
  assert.deepEqual(await said('package.json'), ['config-missing: there is no "at-pki" in it']);
});

test('--config may name a file that does not exist: said, not thrown', async (t) => {
  const folder = scratch(t);
  const { diagnostics } = await loadConfig(join(folder, 'nope.json'));
  assert.equal(diagnostics[0]?.message, 'there is no such config');
});
