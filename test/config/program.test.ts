import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runConfig } from '../../src/config/program.ts';
import { type Cleanup, scratch } from '../support/scratch.ts';

function written(t: Cleanup, name: string, text: string): string {
  const file = join(scratch(t), name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function exportOf(file: string): Promise<unknown> {
  const result = await runConfig(file);
  return result.ok ? result.value : result.error;
}

/** What is wrong with a program, and where: `line message`. */
async function problemOf(t: Cleanup, name: string, text: string): Promise<string> {
  const result = await runConfig(written(t, name, text));
  assert.ok(!result.ok);
  return `${result.error.place?.line ?? '-'} ${result.error.message}`;
}

const native = 'typescript' in process.features && Boolean(process.features.typescript);
const changing: [name: string, text: (size: number) => string][] = [
  ['pki.config.mjs', (size) => `export default { size: ${size} };`],
  ['pki.config.js', (size) => `module.exports = { size: ${size} };`],
  ['es.config.js', (size) => `export default { size: ${size} };`],
  ['pki.config.cjs', (size) => `module.exports = () => ({ size: ${size} });`],
];
if (native) changing.push(['pki.config.ts', (size) => `export default { size: ${size} as number };`]);
for (const [name, text] of changing) {
  test(`${name}, changed in the life of a process, is what it is now`, async (t) => {
    const file = written(t, name, text(1));
    // In one millisecond, which is all that the time of a file may tell.
    for (const size of [1, 2, 3]) {
      writeFileSync(file, text(size));
      assert.deepEqual(await exportOf(file), { size });
    }
  });
}

test('so is what a CommonJS config requires, at any depth, and through a link', async (t) => {
  const file = written(t, 'real/pki.config.cjs', "module.exports = require('./middle.cjs');");
  const folder = dirname(file);
  writeFileSync(join(folder, 'middle.cjs'), "module.exports = { size: require('./size.json') };");
  symlinkSync(file, join(folder, '../pki.config.cjs'));
  for (const size of [1, 2]) {
    writeFileSync(join(folder, 'size.json'), String(size));
    assert.deepEqual(await exportOf(file), { size });
    assert.deepEqual(await exportOf(join(folder, '../pki.config.cjs')), { size });
  }
});

test('packages that a config requires are loaded once', async (t) => {
  const file = written(t, 'pki.config.cjs', "module.exports = { first: require('counted') };");
  const home = join(dirname(file), 'node_modules/counted');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'index.js'),
    'globalThis.counted = (globalThis.counted ?? 0) + 1; module.exports = globalThis.counted;',
  );
  assert.deepEqual(await exportOf(file), { first: 1 });
  assert.deepEqual(await exportOf(file), { first: 1 });
});

const exported: [what: string, name: string, text: string][] = [
  ['an object', 'a.mjs', 'export default { a: 1 };'],
  ['a function', 'a.mjs', 'export default () => ({ a: 1 });'],
  ['an asynchronous function', 'a.mjs', 'export default async () => ({ a: 1 });'],
  ['a promise', 'a.mjs', 'export default Promise.resolve({ a: 1 });'],
  ['a module compiled to CommonJS', 'a.cjs', 'exports.__esModule = true; exports.default = { a: 1 };'],
  ['an ES module named .js', 'a.js', 'import "node:fs"; export default { a: await 1 };'],
  ['a module compiled to CommonJS and named .js', 'a.js', 'exports.__esModule = true; exports.default = { a: 1 };'],
  ['a function compiled to CommonJS', 'a.cjs', 'exports.__esModule = true; exports.default = async () => ({ a: 1 });'],
  ['an object with getters', 'a.mjs', 'export default { get a() { return 1; } };'],
  ['an object without a prototype', 'a.mjs', 'export default Object.assign(Object.create(null), { a: 1 });'],
  ['an object of another kind', 'a.mjs', 'class A { a = 1; } export default new A();'],
];
for (const [what, name, text] of exported) {
  test(`${what} may be exported`, async (t) => assert.deepEqual(await exportOf(written(t, name, text)), { a: 1 }));
}

test('one object may stand at several places', async (t) => {
  const text = 'const a = [1]; export default { a, b: { a } };';
  assert.deepEqual(await exportOf(written(t, 'a.mjs', text)), { a: [1], b: { a: [1] } });
});

const stops: [what: string, name: string, text: string, expected: RegExp][] = [
  ['an error', 'a.mjs', '\n\nthrow new Error("no vault");', /^3 .*: no vault$/],
  ['an error in CommonJS', 'a.cjs', '\n\nthrow new Error("no vault");', /^3 .*: no vault$/],
  ['an error in a function', 'a.mjs', 'export default () => {\n throw new Error("x"); };', /^2 .*: x$/],
  ['an error in a getter', 'a.mjs', 'export default {\n get a() { throw new Error("x"); } };', /^2 .*: x$/],
  ['a text', 'a.mjs', 'throw "no vault";', /^- .*: no vault$/],
  ['nothing', 'a.mjs', 'throw undefined;', /^- .*: undefined$/],
  ['what has no text', 'a.mjs', 'throw Object.create(null);', /^- .*: what it threw has no message$/],
  [
    'an error without a message to read',
    'a.mjs',
    'throw Object.defineProperty(new Error(), "message", { get() { throw 1; } });',
    /^- .*: what it threw has no message$/,
  ],
  ['a rejected promise', 'a.mjs', 'export default Promise.reject(new Error("x"));', /: x$/],
  ['a syntax error', 'a.cjs', '\nmodule.exports = { a: 1 b };', /^2 .*: Unexpected identifier/],
  ['a syntax error in .js', 'a.js', '\nmodule.exports = { a: 1 b };', /: Unexpected identifier/],
  ['a missing import', 'a.mjs', 'import "./nope.mjs";', /Cannot find module/],
  [
    'itself',
    'a.mjs',
    'const a = {}; a.a = { a }; export default a;',
    /: an object of the config stands within itself$/,
  ],
  [
    'depth',
    'a.mjs',
    'let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; export default a;',
    /: objects are nested more than 100 deep$/,
  ],
];
for (const [what, name, text, expected] of stops) {
  test(`a program that throws ${what} is said to`, async (t) => assert.match(await problemOf(t, name, text), expected));
}

test('a key in the message of an error is masked', async (t) => {
  const text = 'throw new Error("cannot read -----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----");';
  assert.ok(!(await problemOf(t, 'a.mjs', text)).includes('c2Vj'));
});
